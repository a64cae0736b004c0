import { expect, test } from 'vitest'
import { addressOfLink } from './origin-address.ts'

test.each([
  ['http://localhost:4400/#/join/v1.abc', '/dns4/localhost/tcp/4400/ws'],
  ['http://192.168.1.20/#/join/v1.abc', '/ip4/192.168.1.20/tcp/80/ws'],
  ['https://hall.example/app/#/join/v1.abc', '/dns4/hall.example/tcp/443/wss'],
  ['http://[fd00::1]:8080/#/join/v1.abc', '/ip6/fd00::1/tcp/8080/ws'],
])('%s leads to %s', (link, address) => {
  expect(addressOfLink(link)).toBe(address)
})

test.each(['v1.abc', '#/join/v1.abc', 'file:///tmp/index.html#/join/v1.abc', 'mailto:ada@example.org', ''])(
  '%j names no machine',
  (link) => {
    expect(addressOfLink(link)).toBeUndefined()
  },
)
