import type { IncomingMessage, ServerResponse } from 'node:http'
import type { NetworkState } from '@auzolan/network'
import type { Keeper } from '../keeper/keeper.ts'

/** What a service manager and a monitor ask. Only this machine itself is answered. */
export interface Probes {
  readonly ready: () => boolean
  readonly metrics: () => string
}

/** True: it was a probe, and is answered. */
export const answerProbe = (request: IncomingMessage, response: ServerResponse, probes: Probes): boolean => {
  const { url } = request
  if (url !== '/healthz' && url !== '/readyz' && url !== '/metrics') return false
  if (!isLocal(request.socket.remoteAddress)) return false
  const isReady = url !== '/readyz' || probes.ready()
  const body = url === '/metrics' ? probes.metrics() : isReady ? 'ok\n' : 'not ready\n'
  response
    .writeHead(isReady ? 200 : 503, { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' })
    .end(body)
  return true
}

const isLocal = (address = ''): boolean => address === '::1' || /^(?:::ffff:)?127\./.test(address)

export interface Measured {
  readonly network: NetworkState | undefined
  readonly groups: number
  readonly keeper: Keeper
}

/** Prometheus text format 0.0.4. Counts only: no names, no ids. */
export const metricsText = ({ network, groups, keeper }: Measured): string => {
  const { shelves, counts } = keeper
  const lines: readonly (readonly [name: string, type: 'gauge' | 'counter', help: string, value: number])[] = [
    ['peers_connected', 'gauge', 'Devices with a link to this one.', network?.peers.length ?? 0],
    ['groups', 'gauge', 'Groups this machine takes part in.', groups],
    ['kept_groups', 'gauge', 'Groups this machine keeps sealed packs for.', shelves.length],
    ['kept_packs', 'gauge', 'Sealed packs here.', shelves.reduce((sum, { packs }) => sum + packs, 0)],
    ['kept_bytes', 'gauge', 'Bytes of sealed packs here.', shelves.reduce((sum, { bytes }) => sum + bytes, 0)],
    ['packs_given_total', 'counter', 'Packs handed to members.', counts.given],
    ['packs_taken_total', 'counter', 'Packs left by members.', counts.taken],
    ['packs_refused_total', 'counter', 'Packs and visitors refused.', counts.refused],
    ['resident_memory_bytes', 'gauge', 'Memory of this process.', process.memoryUsage.rss()],
    ['uptime_seconds', 'gauge', 'Since the start.', Math.round(process.uptime())],
  ]
  return lines
    .map(([name, type, help, value]) =>
      [`# HELP auzolan_${name} ${help}`, `# TYPE auzolan_${name} ${type}`, `auzolan_${name} ${value}`, ''].join('\n'),
    )
    .join('')
}
