import { placeTexts } from '../translations.ts'
import english from './needs.json'

export default placeTexts('needs', english)
