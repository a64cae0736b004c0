import type { CloseResult, Instant } from '@auzolan/core'
import type { InitiativeDraft } from './drafts.ts'
import type { Language } from './people.ts'
import type { SampleAct } from './script.ts'
import { DAY, HOUR } from './time.ts'

/** After everybody has said how long it took. */
const CLOSED_AFTER = 42 * HOUR

/** What became of what was done, in turn. */
const endings: Readonly<Record<Language, readonly (readonly [CloseResult, string])[]>> = {
  fr: [
    ['achieved', 'Deux objets sur trois sont repartis en état de marche.'],
    ['learned', 'Trop d’électro, pas assez de lampes : la prochaine fois on trie à l’entrée.'],
    ['achieved', 'Plus de monde que prévu, et la soupe a suffi.'],
  ],
  nl: [
    ['achieved', 'Meer dan de helft werkt weer.'],
    ['handedOver', 'De ouders van de school gaan er zelf mee verder.'],
    ['learned', 'Twee soldeerbouten zijn niet genoeg, dat weten we nu.'],
  ],
  en: [
    ['achieved', 'Most of it works again, and three people learnt to solder.'],
    ['stopped', 'Nobody had the evenings for it. That is fine.'],
    ['learned', 'It takes twice as long as we thought, and half the tools.'],
  ],
  de: [
    ['achieved', 'Fast alles läuft wieder.'],
    ['learned', 'Ohne Ersatzteile reparieren wir nur Geduld.'],
  ],
}

/** Whoever began an initiative closes it once it is done. `open`: the one that nobody closed before the group fell apart. */
export const close = (
  drafts: readonly InitiativeDraft[],
  starters: readonly number[],
  open: InitiativeDraft,
  until: Instant,
): readonly SampleAct[] =>
  drafts.flatMap((draft, initiative): SampleAct[] => {
    const at = ((draft.doneAt ?? until) + CLOSED_AFTER) as Instant
    if (draft.doneAt === null || draft === open || at >= until) return []
    const known = endings[draft.language]
    const [result, sentence] = known[initiative % known.length] as readonly [CloseResult, string]
    return [{ do: 'close', by: starters[initiative] as number, at, initiative, result, sentence }]
  })

/** What the first project tries; the day to look at it came three days before the story ends. */
export const tryOut = (initiative: number, by: number, { startedAt }: InitiativeDraft, until: Instant): SampleAct[] => {
  const said = [
    ['hypothesis', 'Dix personnes formées d’ici un mois, et plus de file devant la laser.'],
    ['measure', 'On compte les noms dans le cahier.'],
    ['checkOn', new Date(until - 3 * DAY).toISOString().slice(0, 10)],
  ] as const
  return said.map(([field, value], at) => ({
    do: 'set',
    by,
    at: (startedAt + HOUR + at * 30_000) as Instant,
    initiative,
    field,
    value,
  }))
}
