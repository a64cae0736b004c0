import { placeTexts } from '../translations.ts'
import english from './backup.json'

export default placeTexts('backup', english)
