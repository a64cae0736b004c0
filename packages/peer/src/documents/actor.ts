import { DeviceId, DocumentId, GroupId, toHex } from '@auzolan/core'
import { labelled } from '@auzolan/trust'
import { actorBytes } from './preparse.ts'

/** Bytes of a session nonce (`docs/formats/entry.md`). */
export const nonceBytes = 8

/**
 * The Automerge actor (32 hex digits) of one editing session: bound to group, document and device, so that nobody can write
 * with another's, and to a random nonce, so that a restored backup does not write with its own a second time.
 */
export const actorOf = (group: GroupId, document: DocumentId, device: DeviceId, nonce: Uint8Array): string =>
  toHex(
    labelled(
      'auzolan/actor/1',
      GroupId.toBytes(group),
      DocumentId.toBytes(document),
      DeviceId.toBytes(device),
      nonce,
    ).subarray(0, actorBytes),
  )
