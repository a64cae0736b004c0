import { fromHex } from '@auzolan/core'
import { type Cbor, encodeCbor } from '@auzolan/trust'
import { inviteKey, standIn } from './script.ts'

export const bytesOf = (hex: string): Uint8Array => {
  const bytes = fromHex(hex)
  if (!bytes) throw new Error('not hex')
  return bytes
}

const { entry, device, member, newcomer, request, recovery } = standIn
const filled = (length: number, fill: number): Uint8Array => new Uint8Array(length).fill(fill)
const signature = filled(64, 1)
const box = filled(32, 9)

const founding: Cbor = [
  'found',
  'Repair café',
  '',
  [
    [device(0), box, 'Ane', null],
    [device(1), box, 'Beñat', signature],
    [device(2), box, 'Cira', signature],
  ],
  null,
  filled(16, 4),
]
const rules = [
  ['remove', ['threshold', 2, 3]],
  ['rename', ['consent', 1, 2, 1]],
  ['text', ['sortition', 2, ['threshold', 1, 2]]],
]
const settled: Cbor = [...founding, [rules, ['sponsors', 1], [2, 3]]]

/** Each step after the one before, unless it says otherwise. */
const script = (...steps: readonly (readonly [who: number, control: Cbor, after?: readonly number[]])[]): Uint8Array =>
  encodeCbor(steps.map(([who, control, after], at) => [who, after ?? (at === 0 ? [] : [at - 1]), control]))

const decision = (action: Cbor, at: number): (readonly [number, Cbor])[] => [
  [0, ['propose', action, 'because']],
  [0, ['ballot', entry(at), 'yes']],
  [1, ['ballot', entry(at), 'yes']],
  [2, ['ballot', entry(at), 'abstain']],
  [0, ['enact', entry(at), null]],
]

/** Scripts in which every kind of entry and action is said once by somebody who may. */
export const scripts = (): readonly Uint8Array[] => [
  script(
    [0, founding],
    [0, ['invite', inviteKey, 1, null, '']],
    [1, ['admit', entry(1), request(5), signature, signature]],
    [2, ['admit', entry(1), request(6), signature, signature], [1]],
    [0, ['confirm', newcomer(5)], [2, 3]],
    [0, ['uninvite', entry(1)]],
    [5, ['leave']],
  ),
  script(
    [0, founding],
    [0, ['addDevice', device(7), box, 'phone', signature]],
    [7, ['revokeDevice', device(0)]],
    [0, ['revokeDevice', device(7)], [1]],
    [1 + 16, ['leave'], [0]],
  ),
  script(
    [0, founding],
    ...decision(['remove', member(2)], 1),
    [0, ['seal', entry(5)]],
    [1, ['seal', entry(5)]],
    ...decision(['readmit', member(2)], 8),
  ),
  script(
    [0, founding],
    ...decision(['role', member(1), 'moderator', true], 1),
    [1, ['suspend', member(2), 'noise']],
    [1, ['unsuspend', member(2)]],
  ),
  script(
    [0, founding],
    ...decision(['voters', [member(0), member(1)].sort((a, b) => Buffer.compare(a, b))], 1),
    [0, ['seal', entry(5)]],
    [1, ['seal', entry(6)]],
  ),
  script(
    [0, founding],
    ...decision(['rule', 'rename', ['majority', 1, 2]], 1),
    [0, ['propose', ['rename', 'Elm', 'tools'], '']],
    [0, ['ballot', entry(6), 'yes']],
    [1, ['ballot', entry(6), 'object']],
    [0, ['close', entry(6)]],
    [0, ['ack', entry(9)]],
    [1, ['ack', entry(9)]],
    [2, ['enact', entry(6), entry(9)]],
  ),
  script([0, founding], ...decision(['rebind', member(2), device(8), box, signature], 1), [8, ['leave']]),
  script([0, founding], ...decision(['admission', ['decision']], 1), ...decision(['admit', newcomer(5)], 6)),
  script([0, founding], ...decision(['quorum', [2, 3]], 1), ...decision(['forkNotice', filled(32, 3)], 6)),
  script(
    [0, settled],
    [0, ['invite', inviteKey, 2, 5, '']],
    [1, ['sponsor', newcomer(5)]],
    [1, ['admit', entry(1), request(5), signature, signature]],
    [0, ['propose', ['text', filled(16, 2), [filled(32, 1)]], '']],
    [1, ['commit', entry(4), filled(32, 2)]],
    [1, ['reveal', entry(4), filled(16, 2)]],
  ),
  script(
    [0, founding],
    [1, ['epoch', filled(32, 1), box, filled(144, 2), []]],
    [0, ['unread', entry(1)]],
    [1, ['rewrap', entry(1), box, [[device(0), filled(48, 5)]]]],
    [2, ['epoch', filled(32, 2), box, filled(144, 2), [[entry(1), filled(48, 3)]]]],
  ),
  script(
    [0, founding],
    [1, ['sheet', device(9), signature]],
    [2, ['recover', recovery(10), signature, signature]],
    [10, ['revokeDevice', device(1)]],
  ),
]

/** What stands behind the length of two Automerge changes: a map with a list made, and then changed, in hex. */
export const changes = [
  '01001001010101010101010101010101010101010100000110ad4165ff0d6f87ab21fed7736bac0bb30a010802081108130d150c34044209560a5706700200020401000103010002040200010307000303010002020100027e0003020100017d7b08017e016e017400047f016c0003020401037e010404017f0203017e140004167c001402000174657874010a00',
  '0101193aeadb8c486ae79a4afad504872cefaf50e02f0942abfd904fc4c6573367c41001010101010101010101010101010101020b00000110ad4165ff0d6f87ab21fed7736bac0bb30c0104020411041304150534014203560357017002710273037f0100017f0700017f0100017f08000100017f016e027e03017e001402020102017e0879',
]
