import { err, type GroupId, ok, type Result } from '@auzolan/core'
import { StoreError } from '@auzolan/storage'
import { controlLimits, type Verifier } from '@auzolan/trust'
import { type BackupContents, checkBackup } from '../backup/read.ts'
import { type PutBack, restoreBackup } from '../backup/restore.ts'
import { makeSpare, type Spare } from '../backup/spares.ts'
import { writeBackup, writeReadable } from '../backup/write.ts'
import type { ByteSink } from '../backup/zip-writer.ts'
import type { Group } from '../group/group.ts'
import type { Groups } from '../group/groups.ts'
import type { LongWork } from '../long-work.ts'
import type { MadeBackup, PeerOptions, Refusal } from '../peer.ts'
import { within } from './lines.ts'

/** Backups of what is on this device: one is made, checked or put back at a time. */
export class Backups {
  readonly #options: PeerOptions
  readonly #groups: Groups
  readonly #verifier: Verifier
  readonly #work: LongWork

  constructor(options: PeerOptions, groups: Groups, verifier: Verifier, work: LongWork) {
    this.#options = options
    this.#groups = groups
    this.#verifier = verifier
    this.#work = work
  }

  /** `spare`: what the way back in that lies in it is called among this person's devices; absent: there is none. */
  async make(
    what: { readonly groups?: readonly GroupId[]; readonly spare?: string },
    sink?: ByteSink,
  ): Promise<Result<MadeBackup, Refusal>> {
    return this.#working(async () => {
      const label = within('label', what.spare ?? '', controlLimits.name)
      if (!label.ok) return label
      const groups = await this.#opened(what.groups ?? this.#groups.ids)
      const spares: Spare[] = []
      for (const group of what.spare === undefined ? [] : groups) {
        if (!group.isActive(group.keys.device) || group.isSetAside) continue
        const spare = await makeSpare(group, label.value, this.#options.entropy)
        if (!spare.ok) return spare
        spares.push(spare.value)
      }
      const kept = new Kept()
      const made = await writeBackup(groups, this.#options, {
        spares,
        sink: sink ?? ((bytes) => kept.add(bytes)),
        work: this.#work,
      })
      if (!made) return err({ type: 'stopped' })
      return ok({ file: sink ? null : kept.file(), words: made.words })
    })
  }

  /** What any program opens of one group. */
  async export(id: GroupId, sink?: ByteSink): Promise<Result<Blob | null, Refusal>> {
    return this.#working(async () => {
      const [group] = await this.#opened([id])
      if (!group || group.workspace.log.control.heads.length === 0) return err({ type: 'unknown group' })
      const kept = new Kept()
      const whole = await writeReadable(group, this.#options.clock, {
        sink: sink ?? ((bytes) => kept.add(bytes)),
        work: this.#work,
      })
      if (!whole) return err({ type: 'stopped' })
      return ok(sink ? null : kept.file())
    })
  }

  check(file: Blob): Promise<Result<BackupContents, Refusal>> {
    return this.#working(() => checkBackup(file, this.#verifier, this.#work))
  }

  putBack(
    file: Blob,
    { words, called = '' }: { readonly words?: string; readonly called?: string },
  ): Promise<Result<PutBack, Refusal>> {
    return this.#working(async () => {
      const label = within('label', called.trim(), controlLimits.name)
      if (!label.ok) return label
      return restoreBackup(
        file,
        { called: label.value, ...(words === undefined ? {} : { words }) },
        { ...this.#options, groups: this.#groups, work: this.#work },
      )
    })
  }

  async #opened(ids: readonly GroupId[]): Promise<readonly Group[]> {
    const groups = await Promise.all(ids.map((id) => this.#groups.get(id)))
    return groups.flatMap((group) => group ?? [])
  }

  async #working<T>(job: () => Promise<Result<T, Refusal>>): Promise<Result<T, Refusal>> {
    this.#work.begin()
    try {
      return await job()
    } catch (error) {
      if (error instanceof StoreError) return err({ type: 'not saved', why: error.kind })
      throw error
    } finally {
      this.#work.end(false)
    }
  }
}

/** Bytes as they come, handed to the platform piece by piece: a browser keeps large files outside of this thread's memory. */
class Kept {
  readonly #pieces: Blob[] = []
  #fresh: Uint8Array<ArrayBuffer>[] = []
  #size = 0

  add(bytes: Uint8Array): void {
    this.#fresh.push(new Uint8Array(bytes))
    this.#size += bytes.length
    if (this.#size >= PIECE_BYTES) this.#close()
  }

  file(): Blob {
    this.#close()
    return new Blob(this.#pieces, { type: 'application/zip' })
  }

  #close(): void {
    this.#pieces.push(new Blob(this.#fresh))
    ;[this.#fresh, this.#size] = [[], 0]
  }
}

const PIECE_BYTES = 4 * 1024 * 1024
