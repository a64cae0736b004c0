import { placeTexts } from '../translations.ts'
import english from './calendar.json'

export default placeTexts('calendar', english)
