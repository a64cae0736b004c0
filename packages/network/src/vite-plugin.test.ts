import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { mendDial, webrtcDialRacePatch } from './vite-plugin.ts'

const entry = fileURLToPath(import.meta.resolve('@libp2p/webrtc'))
const file = entry.replace(/index(\.\w+)?\.js$/, 'private-to-private/initiate-connection.js')
const code = readFileSync(file, 'utf8')

test('the installed dialling code is mended', () => {
  const mended = mendDial(code)
  expect(mended).toContain("['open', 'close']")
  expect(mended).toContain("if (channel.readyState !== 'closed') await pEvent(channel, 'close'")
  expect(webrtcDialRacePatch().transform(code, `${file}?v=1`)).toBe(mended)
})

test('dialling code that has changed fails the build', () => {
  expect(() => mendDial(code.replaceAll('readyState', 'state'))).toThrow('has changed')
  expect(() => mendDial(mendDial(code))).toThrow('has changed')
})

test('other files are left alone, and a build without the file fails where it is required', () => {
  const plugin = webrtcDialRacePatch({ required: true })
  expect(plugin.transform('anything', '/src/main.ts')).toBeUndefined()
  expect(() => plugin.buildEnd()).toThrow('not mended')
  plugin.transform(code, file)
  plugin.buildEnd()
})
