import { placeTexts } from '../translations.ts'
import english from './find.json'

export default placeTexts('find', english)
