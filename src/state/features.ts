/** What the app cannot do without. */
export type Feature = 'storage' | 'worker' | 'wasm' | 'secure'

/** Features this browser lacks. `secure`: a page from another machine must come over https. */
export const missingFeatures = (scope: Readonly<Record<string, unknown>> | typeof globalThis): readonly Feature[] => {
  const has = (name: string): boolean => (scope as Readonly<Record<string, unknown>>)[name] !== undefined
  const missing: Feature[] = []
  if (!has('indexedDB')) missing.push('storage')
  if (!has('Worker')) missing.push('worker')
  if (!has('WebAssembly')) missing.push('wasm')
  if ((scope as Readonly<Record<string, unknown>>)['isSecureContext'] === false) missing.push('secure')
  return missing
}
