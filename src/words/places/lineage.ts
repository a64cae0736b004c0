import { placeTexts } from '../translations.ts'
import english from './lineage.json'

export default placeTexts('lineage', english)
