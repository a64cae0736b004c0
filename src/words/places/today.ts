import { placeTexts } from '../translations.ts'
import english from './today.json'

export default placeTexts('today', english)
