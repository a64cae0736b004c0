import { err, parseStatement, type Result, type Statement, type StatementId } from '@auzolan/core'
import { decodeCborPrefix, itemTypes, readRun, saidCertificate, statementId, type Verifier } from '@auzolan/trust'
import type { Group } from '../group/group.ts'
import { type Placed, proven } from '../lineage/news.ts'
import { sayingOneOf } from '../lineage/records.ts'
import type { Refusal } from '../peer.ts'
import { lastCounted, type Source } from '../workspace/ancestry.ts'

/** A call with everything that was said of it, as one file that a stranger checks alone. In a copy of a group: as far as it was said in the group that asked. */
export const callFile = async (
  { workspace }: Group,
  call: StatementId,
  verifier: Verifier,
): Promise<Result<Uint8Array, Refusal>> => {
  for (const source of workspace.sources) {
    const said = await saidOf(source, call)
    if (!said.some(({ id }) => id === call)) continue
    const records = await proven(said, verifier)
    const made = saidCertificate(
      source.log.control,
      call,
      records.map(({ record }) => record.proof),
    )
    if (made.ok) return made
    return err({ type: made.error.type === 'too large' ? 'too large file' : 'no such thing' })
  }
  return err({ type: 'no such thing' })
}

const saidOf = async (source: Source, call: StatementId): Promise<readonly Placed[]> => {
  const { log } = source
  const found: Placed[] = []
  for (const device of log.devices) {
    const last = lastCounted(source, device)
    for await (const run of log.runs(device)) {
      const entries = readRun(log.group, run)
      for (const { seq, items } of entries.ok ? entries.value : []) {
        if (seq > last) break
        for (const [index, { type, bytes }] of items.entries()) {
          if (type !== itemTypes.statement || bytes === null || !isOfCalls(bytes)) continue
          const id = statementId(log.group, device, seq, index, bytes)
          if (isAbout(bytes, id, call)) found.push({ id, name: '', source: { log, device, seq, index } })
        }
      }
    }
  }
  return found
}

const isAbout = (bytes: Uint8Array, id: StatementId, call: StatementId): boolean => {
  const statement = callStatement(bytes)
  return statement !== undefined && (statement.call ?? id) === call
}

/** What an item says of a call; `undefined`: nothing, or it does not read. */
export const callStatement = (
  bytes: Uint8Array,
): Extract<Statement, { readonly call: StatementId | null }> | undefined => {
  const decoded = decodeCborPrefix(bytes, 0)
  const statement = decoded.ok ? parseStatement(decoded.value.value, false) : undefined
  return statement?.ok && 'call' in statement.value ? statement.value : undefined
}

const isOfCalls = sayingOneOf(['call', 'sign', 'unsign', 'paper', 'sawPaper'])
