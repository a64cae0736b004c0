export { openFileSecrets, openLevelStore } from './level.ts'
