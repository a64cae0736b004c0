import { placeTexts } from '../translations.ts'
import english from './things.json'

export default placeTexts('things', english)
