/** What the local peer serves lies on one port: the app, and WebSocket connections of its network. So where a page came from is where others are reached. */
export const originAddress = ({ protocol, hostname, port }: Pick<URL, 'protocol' | 'hostname' | 'port'>): string => {
  const host = /^[\d.]+$/.test(hostname)
    ? `ip4/${hostname}`
    : hostname.startsWith('[')
      ? `ip6/${hostname.slice(1, -1)}`
      : `dns4/${hostname}`
  return `/${host}/tcp/${port || (protocol === 'https:' ? 443 : 80)}/${protocol === 'https:' ? 'wss' : 'ws'}`
}

/** Where to reach others, by the link somebody was given; `undefined`: it names no machine. */
export const addressOfLink = (link: string): string | undefined => {
  const url = URL.canParse(link) ? new URL(link) : undefined
  return url && /^https?:$/.test(url.protocol) && url.hostname !== '' ? originAddress(url) : undefined
}
