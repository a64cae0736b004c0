import { proofWords } from '@auzolan/core'
import { placeTexts } from '../translations.ts'
import english from './people.json'

/** Whatever is about people and decisions. What the command line says too is written once, for both. */
export default placeTexts('people', { ...english, ...proofWords })
