export * from './peer.ts'
export { openPeer } from './open-peer.ts'
