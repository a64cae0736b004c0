import { placeTexts } from '../translations.ts'
import english from './talk.json'

export default placeTexts('talk', english)
