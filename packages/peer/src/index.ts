export * from './peer.ts'
