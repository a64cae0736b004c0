import fc from 'fast-check'

/** A law is tried on the same cases on every machine, so that what is refused in one place is refused in all. Each law has to hold for any. */
const SEED = 20_261_123

const asked = process.env['LAWS_SEED']
const seed = asked === 'any' ? Date.now() % 2 ** 31 : Number(asked ?? SEED)
if (asked !== undefined) console.log(`Laws are tried with LAWS_SEED=${seed}`)
fc.configureGlobal({ seed })
