/** Characters (UTF-16 units) of text, numbers of things. */
export const controlLimits = {
  /** Group, person, device: a line on a phone, twice. */
  name: 120,
  purpose: 4000,
  note: 300,
  reason: 2000,
  /** Each costs a signature check; more people join by invitation. */
  founders: 64,
  uses: 1000,
  /** Bytes: two keys, a group, a name and a nonce take 260. */
  request: 1024,
  /** Devices handed a key at once; who brings more together makes a new epoch cheaper. */
  rewraps: 64,
  /** Feeds vouched for at once: more devices than anybody has. */
  held: 64,
  /** Bytes: the longest name of a kind. */
  kind: 32,
} as const
