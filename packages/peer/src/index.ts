export type { NearbyFault, NearbyMeeting, NearbyMet, NearbyUnready } from '@auzolan/network'
export * from './peer.ts'
export { openPeer } from './open-peer.ts'
