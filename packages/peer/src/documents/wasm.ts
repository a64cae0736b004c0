/** Where a browser fetches the document engine's WebAssembly: a file of the app itself. */
export { default as wasmUrl } from '@automerge/automerge/automerge.wasm?url'
