import { placeTexts } from '../translations.ts'
import english from './join.json'

export default placeTexts('join', english)
