import { placeTexts } from '../translations.ts'
import english from './calls.json'

export default placeTexts('calls', english)
