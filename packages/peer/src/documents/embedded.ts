/** The WebAssembly module as the installed package brings it. Node only; a browser is given a URL by its worker entry. */
export const embeddedWasm = async (): Promise<Uint8Array> => {
  const { createRequire } = await import('node:module')
  const { readFile } = await import('node:fs/promises')
  return readFile(createRequire(import.meta.url).resolve('@automerge/automerge/automerge.wasm'))
}
