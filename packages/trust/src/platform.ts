/** WebCrypto's primitives; absent on pages served over plain http from another host. Looked up on every call, so that a test can take it away. */
export const subtleCrypto = (): SubtleCrypto | undefined =>
  (globalThis as { crypto?: { subtle?: SubtleCrypto } }).crypto?.subtle

/** WebCrypto's types ask for bytes that no other thread shares; none here are shared. */
export const unshared = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => bytes as Uint8Array<ArrayBuffer>
