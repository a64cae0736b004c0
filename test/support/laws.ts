import fc from 'fast-check'

/** Laws are tried on the same cases on every machine, so that what is refused in one place is refused in all. Each has to hold for any. */
const SEED = 20_261_123

const asked = process.env['LAWS_SEED']
fc.configureGlobal({ seed: asked === 'any' ? Date.now() % 2 ** 31 : Number(asked ?? SEED) })
