import { placeTexts } from '../translations.ts'
import english from './history.json'

export default placeTexts('history', english)
