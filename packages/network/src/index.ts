export * from './network.ts'
export { encodeFrame, FrameDecoder, type FrameRefusal, frameTypeName, type WireFrame } from './frames.ts'
export { MemoryHub, type MemoryHubOptions, type Traffic } from './memory.ts'
