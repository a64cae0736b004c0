import type { CloseResult, Instant } from '@auzolan/core'
import type { Character, Language } from './people.ts'
import type { Random } from './random.ts'
import type { Upcoming } from './schedule.ts'
import type { SampleAct, SampleReplica, SampleThread } from './script.ts'
import { LASER } from './things.ts'
import { DAY, HOUR, MINUTE, startOfDay } from './time.ts'

interface Numbers {
  readonly takes: number
  readonly messages: number
  readonly bookings: number
}

/** Without knowing whether it needs an `initiative`, `message` or `take` number. */
type Step = (number: {
  message: () => number
  take: () => number
  booking: () => number
}) => DistributedOmit<SampleAct, 'by' | 'at'> & { who?: number }
type DistributedOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never

/**
 * Three evenings without each other before `end`: the coming session gets two titles and two more lines in its plan, its last place is
 * taken by three, the laser evening gets two times, the laser is booked twice, the session before is closed in two ways, the call is signed on two sides, and everyone talks.
 */
export const diverge = (
  random: Random,
  characters: readonly Character[],
  upcoming: Upcoming,
  numbers: Numbers,
  end: Instant,
): readonly SampleReplica[] => {
  const { initiative, title, plan, action, taken, laser, past } = upcoming
  const unused = new Set(characters.keys())
  const someone = (language: Language, mayTake: boolean): number => {
    const free = [...unused].filter((person) => !mayTake || !taken.has(person))
    const speaking = free.filter((person) => characters[person]?.language === language)
    const person = random.pick(speaking.length > 0 ? speaking : free)
    unused.delete(person)
    return person
  }
  const say =
    (thread: SampleThread, text: string, who = 0, replyTo: number | null = null): Step =>
    ({ message }) => ({
      do: 'message',
      thread,
      message: message(),
      text,
      replyTo,
      who,
    })
  const take: Step = ({ take }) => ({ do: 'take', initiative, action, take: take() })
  const lines = plan.split('\n')
  const withLine =
    (at: number, line: string): Step =>
    () => ({
      do: 'write',
      initiative,
      field: 'plan',
      text: [...lines.slice(0, at), line, ...lines.slice(at)].join('\n'),
    })
  const rename =
    (to: string): Step =>
    () => ({ do: 'set', initiative, field: 'title', value: to })
  const moveLaser =
    (to: string): Step =>
    () => ({ do: 'set', initiative: laser, field: 'when', value: to })

  const bookLaser =
    (hour: number, note: string): Step =>
    ({ booking }) => {
      const from = startOfDay(end) + 2 * DAY + hour * HOUR
      return {
        do: 'book',
        thing: LASER,
        booking: booking(),
        from: from as Instant,
        to: (from + 2 * HOUR) as Instant,
        note,
        who: 1,
      }
    }
  const signCall: Step = () => ({ do: 'sign', call: 0, comment: '', who: 2 })
  const closePast =
    (result: CloseResult, sentence: string): Step =>
    () => ({ do: 'close', initiative: past, result, sentence, who: 1 })

  const evenings: readonly (readonly Step[])[] = [
    [
      say(initiative, 'Le wifi de la boulangerie est mort, je continue ici et ça partira plus tard.'),
      rename(`${title} – avec la radio de quartier`),
      take,
      withLine(1, '14 h 30 : la radio passe nous enregistrer, près de l’entrée pour ne pas gêner.'),
      say(initiative, 'J’ai pris la dernière place à l’électro, comme ça c’est complet.'),
      moveLaser('jeudi 18 h 30'),
      say(laser, 'Je mets la laser à 18 h 30, sinon on finit trop tard pour le tram.', 1),
      say(initiative, 'Et j’amène la rallonge verte.', 1),
      bookLaser(18, 'Plaques pour la rue'),
      signCall,
      closePast('achieved', 'Vingt et un objets réparés, un record.'),
    ],
    [
      rename(`${title}: lampes et radios`),
      say(initiative, 'We have four radios on the list already, so I put it in the title.', 1),
      take,
      moveLaser('vendredi 19 h'),
      bookLaser(19, 'Stempels voor de school'),
      signCall,
      say(laser, 'Vendredi plutôt ? Jeudi la ventilation est démontée.'),
      say(null, 'Ik sta op de markt zonder bereik, maar er zijn al zeven mensen die zaterdag willen komen.', 2),
      say(null, 'Put them on paper, we will type them in later.', 1),
    ],
    [
      take,
      say(initiative, 'Ich übernehme den letzten Platz bei den Kleingeräten.'),
      withLine(lines.length, 'Eine Stunde früher da sein: der große Tisch klemmt in der Tür.'),
      closePast('learned', 'Vingt et un objets, mais cinq personnes reparties sans être vues.'),
      say(initiative, 'Merci ! Je viens aussi une heure avant, avec du savon pour la porte.', 1),
      say(null, 'La cave est à 62 % d’humidité ce soir, c’est mieux que la semaine passée.', 2),
    ],
  ]
  /** Of the one who takes the place, and of two more. */
  const languages: readonly (readonly Language[])[] = [
    ['fr', 'fr', 'nl'],
    ['fr', 'en', 'nl'],
    ['de', 'fr', 'fr'],
  ]
  let message = numbers.messages
  let nextTake = numbers.takes
  let booking = numbers.bookings
  const number = { message: () => message++, take: () => nextTake++, booking: () => booking++ }
  return evenings.map((steps, replica) => {
    const people = (languages[replica] ?? []).map((language, at) => someone(language, at === 0))
    const acts = steps.map((step, at): SampleAct => {
      const { who = 0, ...act } = step(number)
      const minutes = replica * 7 + at * 23 + random.int(9)
      return { ...act, by: people[who] as number, at: (end - 8 * HOUR + minutes * MINUTE) as Instant }
    })
    return { people, acts }
  })
}
