export { generateSample } from './generate.ts'
export { seededEntropy } from './random.ts'
export {
  type SampleAct,
  type SamplePerson,
  type SampleReplica,
  type SampleScript,
  type SampleThread,
  statementsIn,
} from './script.ts'
export { type SampleScale, type SampleSize, sampleSizes } from './sizes.ts'
