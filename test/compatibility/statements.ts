import {
  ActionId,
  ControlId,
  DeviceId,
  DocumentId,
  GroupId,
  MemberId,
  type Statement,
  StatementId,
  type StatementKind,
} from '@auzolan/core'

const filled = (length: number, fill: number): Uint8Array => new Uint8Array(length).fill(fill)

const initiative = DocumentId.fromBytes(filled(16, 1))
const action = ActionId.fromBytes(filled(8, 2))
const earlier = StatementId.fromBytes(filled(16, 3))
const later = StatementId.fromBytes(filled(16, 11))
const member = MemberId.fromBytes(filled(32, 4))
const device = DeviceId.fromBytes(filled(32, 5))
/** Something said in another group, as its author signed it there. */
const record = { header: filled(40, 6), signature: filled(64, 7), index: 1, item: filled(20, 8), name: 'Eva' }

const KEEPER = '12D3KooWK99VoVxNE7XzyBwXEzW7xhK7Gpv85r9F3V3fyKSUKPH5'

/** One of every kind: a kind without one is a fault of types. */
const byKind: { readonly [Kind in StatementKind]: Extract<Statement, { readonly kind: Kind }> } = {
  card: { kind: 'card', name: 'Ada' },
  start: { kind: 'start', initiative, title: 'Repair café' },
  need: { kind: 'need', initiative, action, places: 2, replaces: [earlier] },
  take: { kind: 'take', initiative, action, starts: '2026-12-05T13:00Z' },
  giveBack: { kind: 'giveBack', initiative, take: earlier },
  done: { kind: 'done', initiative, take: earlier, minutes: 90, note: 'On the shelf.' },
  doing: { kind: 'doing', initiative, take: earlier },
  witness: { kind: 'witness', initiative, take: earlier, saw: 'notDone' },
  close: {
    kind: 'close',
    initiative,
    result: 'handedOver',
    sentence: 'Oak Street goes on with it.',
    replaces: [earlier],
  },
  reopen: { kind: 'reopen', initiative, closings: [earlier] },
  message: { kind: 'message', thread: initiative, after: [earlier], replyTo: null, mentions: [] },
  retract: { kind: 'retract', thread: initiative, message: earlier },
  revise: { kind: 'revise', thread: initiative, message: earlier, mentions: [member] },
  react: { kind: 'react', thread: initiative, message: earlier, reaction: 'heart' },
  unreact: { kind: 'unreact', thread: initiative, reactions: [earlier] },
  became: {
    kind: 'became',
    thread: initiative,
    message: earlier,
    made: initiative,
    action,
    listing: null,
    title: 'Bring solder',
  },
  notYet: { kind: 'notYet', initiative, take: earlier },
  listing: {
    kind: 'listing',
    place: initiative,
    side: 'need',
    what: 'Chairs',
    amount: 40,
    unit: '',
    when: '',
    where: 'Hall',
  },
  unlist: { kind: 'unlist', place: initiative, listing: earlier, stands: true },
  promise: { kind: 'promise', place: initiative, listing: earlier, amount: 12, note: 'By van' },
  release: { kind: 'release', place: initiative, promises: [earlier] },
  handOver: { kind: 'handOver', place: initiative, promise: earlier, stands: true },
  thing: {
    ...{ kind: 'thing', place: initiative, thing: earlier },
    ...{ name: 'Laser cutter', where: 'Cellar', rules: 'Air on first.', who: 'named', people: [member] },
    ...{ longest: 240, notice: 1_440, shared: true },
  },
  book: {
    ...{ kind: 'book', place: initiative, thing: earlier },
    ...{ from: '2026-12-05T13:00Z', to: '2026-12-05T15:30Z', note: 'Name plates' },
  },
  unbook: { kind: 'unbook', place: initiative, booking: earlier, for: later },
  settle: { kind: 'settle', place: initiative, one: earlier, other: later, stands: true },
  use: { kind: 'use', place: initiative, booking: earlier, minutes: 95, note: 'The lens is clean.', stands: true },
  call: {
    ...{ kind: 'call', place: initiative, call: earlier, title: 'Slower in our street' },
    ...{ text: 'We ask the town for 30 km/h.\nAll of us.', goal: 300, until: '2026-12-05T13:00Z', open: true },
  },
  sign: { kind: 'sign', place: initiative, call: earlier, version: later, name: 'Ada', comment: 'For the school.' },
  unsign: { kind: 'unsign', place: initiative, call: earlier, signatures: [later] },
  paper: { kind: 'paper', place: initiative, call: earlier, version: later, name: 'Rosa Pérez', sheet: 'Market' },
  sawPaper: { kind: 'sawPaper', place: initiative, call: earlier, papers: [later], stands: true },
  device: { kind: 'device', device, name: 'Kitchen tablet' },
  askFirst: { kind: 'askFirst', key: device },
  keeper: {
    kind: 'keeper',
    peer: KEEPER,
    addresses: ['/ip4/192.168.1.20/tcp/4001/ws', '/dns4/hall.example/tcp/443/wss'],
  },
  because: { kind: 'because', proposal: ControlId.fromBytes(filled(32, 9)), words: 'Too loud.' },
  adopt: { kind: 'adopt', offer: null, ...record },
  unadopt: { kind: 'unadopt', adopts: [earlier] },
  offer: { kind: 'offer', from: GroupId.fromBytes(filled(32, 10)), name: 'Oak Street', why: 'It worked here.' },
  offered: { kind: 'offered', offer: earlier, ...record },
  answer: { kind: 'answer', offer: earlier, taken: 'some', thanks: 'Thank you.' },
}

export const statements: readonly Statement[] = [...Object.values(byKind), { ...byKind.adopt, offer: earlier }]
