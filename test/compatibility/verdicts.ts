import { fromHex, toHex } from '@auzolan/core'
import { certificate, openVerifier, sha256, stateDigest, verifyCertificate } from '@auzolan/trust'
import { makeFixture } from '../../packages/trust/src/fixtures/make.ts'
import { Circle } from '../../packages/trust/src/testing/circle.ts'
import { vectors } from '../../packages/trust/src/verifier-vectors.ts'
import { verifyByLaw } from '../../packages/trust/src/verifier.ts'
import { makeVersion1 } from './make.ts'

const bytes = (hex: string): Uint8Array<ArrayBuffer> => Uint8Array.from(fromHex(hex) ?? [])

/** What this platform's own Ed25519 says, without the law. */
const saysPlatform = async (key: string, signature: string, message: string): Promise<boolean> => {
  try {
    const imported = await crypto.subtle.importKey('raw', bytes(key), 'Ed25519', false, ['verify'])
    return await crypto.subtle.verify('Ed25519', imported, bytes(signature), bytes(message))
  } catch {
    return false
  }
}

/** A group that decided and sealed something, told by its state and by the file of its decision. */
const decided = async () => {
  const voters = ['Ane', 'Beñat', 'Cira']
  const circle = await Circle.found(voters)
  const invite = await circle.invite('Beñat', 2)
  await circle.admit('Cira', invite, 'Gari')
  const enact = await circle.decide(voters, { kind: 'remove', member: circle.member('Gari') })
  await circle.seal(voters, enact)
  const file = certificate(circle.log, enact)
  if (!file.ok) throw new Error(file.error.type)
  const checked = await verifyCertificate(file.value, circle.verifier)
  return {
    state: stateDigest(circle.log.state()),
    file: toHex(sha256(file.value)),
    proven: checked.ok ? checked.value.proven : checked.error,
  }
}

/**
 * Everything on which two platforms must not differ, made and judged here: signatures by the law, the bytes of every format, the state of a
 * group, the file of a decision. `platform` may differ, and `native` with it.
 */
export const verdictsHere = async () => ({
  law: vectors.map(({ key, message, signature, name }) => ({
    name,
    valid: verifyByLaw(bytes(signature), bytes(message), bytes(key)),
  })),
  platform: await Promise.all(
    vectors.map(async ({ key, message, signature, name }) => ({
      name,
      valid: await saysPlatform(key, signature, message),
    })),
  ),
  native: (await openVerifier()).native,
  formats: await makeFixture(),
  version1: await makeVersion1(),
  decided: await decided(),
})

export type Verdicts = Awaited<ReturnType<typeof verdictsHere>>

/** What must be the same wherever it was made. */
export const binding = ({ law, formats, version1, decided: group }: Verdicts) => ({ law, formats, version1, group })
