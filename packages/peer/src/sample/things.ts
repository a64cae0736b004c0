import type { Instant } from '@auzolan/core'
import type { Random } from './random.ts'
import type { Crowd } from './schedule.ts'
import type { SampleAct } from './script.ts'
import type { SampleScale } from './sizes.ts'
import { DAY, HOUR, MINUTE, startOfDay } from './time.ts'

/** The laser, which is booked twice on the evenings apart. */
export const LASER = 0

interface Slot {
  readonly booking: number
  readonly by: number
  readonly from: number
  readonly to: number
  /** It overlaps another one. */
  readonly clashes: boolean
}

/** What the group shares, who booked it, and what became of that: so many bookings take a time that somebody else has, each one other. */
export const lend = (
  random: Random,
  { lending }: SampleScale,
  { joinedAt }: Pick<Crowd, 'joinedAt'>,
  from: Instant,
  until: Instant,
): readonly SampleAct[] => {
  const acts: SampleAct[] = []
  const shelf = Array.from({ length: lending.things }, (_, thing) => share(random, thing, from, acts))
  const taken: Slot[][] = shelf.map(() => [])
  const joinedBy = (at: number) => joinedAt.filter((joined) => joined < at - HOUR).length
  const first = from + SETTLED
  let booking = 0
  while (booking < lending.bookings) {
    const clashes = booking >= lending.bookings - lending.clashes
    const thing = random.int(shelf.length)
    const slots = taken[thing] as Slot[]
    const slot = clashes ? beside(random, slots) : somewhere(random, first, until)
    if (!slot || (thing === LASER && slot.to > until)) continue
    const meets = slots.filter((other) => other.from < slot.to && other.to > slot.from)
    if (meets.length !== (clashes ? 1 : 0)) continue
    const [other] = meets
    const at = Math.min(slot.from, until) - random.between(3, 10 * 24) * HOUR - random.int(60) * MINUTE
    if (at < first || other?.clashes) continue
    const { who, keeper } = shelf[thing] as { who: readonly number[] | null; keeper: number }
    const by = who ? random.pick([keeper, ...who]) : random.int(joinedBy(at))
    if (by === other?.by) continue
    if (other) slots[slots.indexOf(other)] = { ...other, clashes: true }
    slots.push({ ...slot, booking, by, clashes })
    const [starts, ends] = [slot.from as Instant, slot.to as Instant]
    acts.push({
      do: 'book',
      by,
      at: at as Instant,
      thing,
      booking,
      from: starts,
      to: ends,
      note: random.pick(purposes),
    })
    acts.push(...outcome(random, { ...slot, booking, by, clashes }, other, until))
    booking += 1
  }
  return acts
}

/** Who comes second mostly makes room, where there is time to; most of what was used is told. */
const outcome = (
  random: Random,
  { booking, by, from, to }: Slot,
  other: Slot | undefined,
  until: Instant,
): readonly SampleAct[] => {
  const before = from - HOUR
  if (other && before < until && random.chance(2, 3))
    return [{ do: 'unbook', by, at: before as Instant, booking, for: other.booking }]
  const told = to + random.between(1, 20) * HOUR
  if (told > until || !random.chance(3, 5)) return []
  const minutes = Math.max(30, Math.round((to - from) / MINUTE) - random.int(4) * 15)
  return [{ do: 'use', by, at: told as Instant, booking, minutes, note: random.chance(1, 6) ? random.pick(notes) : '' }]
}

const share = (random: Random, thing: number, from: Instant, acts: SampleAct[]) => {
  const [name, where, rules, more] = things[thing % things.length] as (typeof things)[number]
  const round = Math.floor(thing / things.length)
  const keeper = random.int(KEEPERS)
  const { hours = 0, notice = 0, trained = false } = more
  const who = trained ? Array.from({ length: TRAINED }, (_, person) => person).filter((each) => each !== keeper) : null
  acts.push({
    do: 'share',
    by: keeper,
    at: (from + SETTLED - DAY + thing * 7 * MINUTE) as Instant,
    thing,
    name: round === 0 ? name : `${name} ${round + 1}`,
    where,
    rules,
    people: who,
    longest: hours * 60,
    notice: notice * 60,
  })
  return { who, keeper }
}

/** Some hours of a day, between seven and ten. */
const somewhere = (random: Random, first: number, until: Instant): Pick<Slot, 'from' | 'to'> => {
  const days = Math.floor((until + AHEAD - first) / DAY)
  const from = startOfDay(first) + (1 + random.int(days)) * DAY + random.between(7, 19) * HOUR
  return { from, to: from + random.between(1, 3) * HOUR }
}

/** Begins half an hour into what somebody else has. */
const beside = (random: Random, slots: readonly Slot[]): Pick<Slot, 'from' | 'to'> | undefined => {
  const free = slots.filter(({ clashes }) => !clashes)
  if (free.length === 0) return undefined
  const { from, to } = random.pick(free)
  return { from: from + HOUR / 2, to: to + HOUR / 2 }
}

/** After which the first people are in and know each other. */
const SETTLED = 20 * DAY
/** How far ahead people book. */
const AHEAD = 14 * DAY
/** The first to come look after what is shared; they are all in when it is. */
const KEEPERS = 9
/** Who were shown how the machines work, of those who are in by then. */
const TRAINED = 12

const purposes = ['', '', 'Plaques pour les portes', 'Voor de schoolmarkt', 'Shelf for the stairs', 'Probe für Samstag']
const notes = [
  'Bien rendu, lame à changer.',
  'Alles terug in de kast.',
  'The cable is getting loose.',
  'Etwas staubig.',
]

interface More {
  /** Most hours of one booking. */
  readonly hours?: number
  /** Hours before it begins. */
  readonly notice?: number
  readonly trained?: boolean
}
const cellar = 'Cave, étagère de gauche'
const lab = 'FabLab'
const store = 'Remise de la cour'
const things: readonly (readonly [name: string, where: string, rules: string, more: More])[] = [
  ['Découpeuse laser', lab, 'Nie unbeaufsichtigt lassen, Absaugung zuerst an.', { hours: 4, trained: true }],
  ['Imprimante 3D', lab, 'Filament extra, 5 cent per gram in het potje.', { hours: 12, trained: true }],
  ['Fraiseuse CNC', lab, 'Only after the introduction, goggles on.', { hours: 4, notice: 24, trained: true }],
  ['Fer à souder', cellar, '', {}],
  ['Multimètre', cellar, '', {}],
  ['Oscilloscope', lab, 'Les sondes restent dans la boîte.', {}],
  ['Surjeteuse', cellar, 'Eigen garen meebrengen.', { hours: 4 }],
  ['Machine à coudre Pfaff', cellar, '', {}],
  ['Machine à coudre Singer', cellar, '', {}],
  ['Perceuse visseuse', store, 'Batterie rechargée au retour.', {}],
  ['Perforateur', store, '', { hours: 8 }],
  ['Scie sauteuse', store, '', {}],
  ['Scie circulaire', store, 'Two people, never alone.', { hours: 4 }],
  ['Ponceuse', store, '', {}],
  ['Établi pliant', store, '', {}],
  ['Échelle double', store, 'Retour avant la pluie.', {}],
  ['Échafaudage', store, 'Drei Tage vorher sagen, zu dritt tragen.', { notice: 72 }],
  ['Vélo cargo', store, 'Gonfler les pneus, deux cadenas.', { hours: 6 }],
  ['Remorque vélo', store, '', {}],
  ['Diable', store, '', {}],
  ['Grande marmite', 'Cuisine', '', {}],
  ['Percolateur', 'Cuisine', 'Ontkalken na de markt.', {}],
  ['Tonnelle', store, 'À sécher avant de plier.', { notice: 24 }],
  ['Dix tables', store, '', { notice: 24 }],
  ['Quarante chaises', store, '', { notice: 24 }],
  ['Sono portable', 'Bureau', 'Charger la veille.', { hours: 8 }],
  ['Micro sans fil', 'Bureau', '', {}],
  ['Vidéoprojecteur', 'Bureau', '', { hours: 8 }],
  ['Écran', 'Bureau', '', {}],
  ['Appareil photo', 'Bureau', 'Carte vide au retour.', {}],
  ['Trépied', 'Bureau', '', {}],
  ['Imprimante A3', 'Bureau', 'Papier apart.', {}],
  ['Plastifieuse', 'Bureau', '', {}],
  ['Massicot', 'Bureau', '', {}],
  ['Presse à badges', 'Bureau', '', {}],
  ['Nettoyeur haute pression', store, '', { hours: 8 }],
  ['Aspirateur d’atelier', store, '', {}],
  ['Étau', cellar, '', {}],
  ['Pied d’atelier vélo', cellar, '', {}],
  ['Clés dynamométriques', cellar, '', {}],
  ['Pompe à pied', cellar, '', {}],
  ['Caméra thermique', 'Bureau', 'Returned the same day, others wait for it.', { hours: 8 }],
  ['Balance', cellar, '', {}],
  ['Rallonges', cellar, '', {}],
  ['Groupe électrogène', store, 'Benzine bijvullen.', { hours: 12, notice: 48 }],
  ['Four à émaux', lab, 'Erst fragen, dann heizen.', { hours: 8, notice: 24, trained: true }],
]
