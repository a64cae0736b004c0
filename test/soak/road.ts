import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'

/** A way to one port of this machine that can be cut, with both sides told, or stopped, with nobody told. */
export class Road {
  readonly #server: Server
  readonly #open = new Set<Socket>()
  #state: 'open' | 'cut' | 'stopped' = 'open'

  private constructor(port: () => number) {
    this.#server = createServer((near) => {
      if (this.#state === 'cut') return void near.destroy()
      const far = connect(port(), '127.0.0.1')
      for (const [from, to] of [[near, far] as const, [far, near] as const]) {
        this.#open.add(from)
        from.on('data', (bytes) => {
          if (this.#state === 'open') to.write(bytes)
        })
        from.on('error', () => undefined)
        from.once('close', () => {
          this.#open.delete(from)
          to.destroy()
        })
      }
    })
  }

  static async to(port: () => number): Promise<Road> {
    const road = new Road(port)
    road.#server.listen(0, '127.0.0.1')
    await once(road.#server, 'listening')
    return road
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  cut(): void {
    this.#state = 'cut'
    this.#end()
  }

  /** What is said from now on is lost, and nobody is told. */
  stop(): void {
    this.#state = 'stopped'
  }

  /** What stood while it was stopped has holes in it: it ends, and is made anew. */
  heal(): void {
    if (this.#state === 'stopped') this.#end()
    this.#state = 'open'
  }

  close(): void {
    this.#end()
    this.#server.close()
  }

  #end(): void {
    for (const socket of this.#open) socket.destroy()
  }
}
