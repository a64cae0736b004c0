import { verdictsHere } from '../compatibility/verdicts.ts'

void verdictsHere().then(postMessage)
