import { createInterface } from 'node:readline'
import { openNodeNetwork, passingIdentity, systemLan } from '@auzolan/network/node'

/**
 * A peer in a network namespace. Arguments: the number its key is made of, and `quiet` to use no multicast. Reads whom to look for, one peer
 * id a line, and prints its own id, then `linked` and `parted`.
 */
const [seed = '1', quiet] = process.argv.slice(2)
const network = await openNodeNetwork({
  identity: await passingIdentity({ bytes: (length) => new Uint8Array(length).fill(Number(seed)) }),
  listen: { host: '0.0.0.0', tcpPort: 0 },
  relay: false,
  ...(quiet === 'quiet' ? {} : { lan: systemLan }),
})
await network.start((link) => {
  console.log('linked')
  void link.closed.then(() => console.log('parted'))
})
console.log(network.self)
createInterface(process.stdin).on('line', (peer) => network.want([{ peer, addresses: [] }]))
