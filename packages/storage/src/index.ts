export * from './store.ts'
export { type Fault, MemoryDisk, openMemorySecrets, openMemoryStore } from './memory.ts'
