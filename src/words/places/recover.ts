import { placeTexts } from '../translations.ts'
import english from './recover.json'

export default placeTexts('recover', english)
