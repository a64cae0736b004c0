import type { Random } from './random.ts'

/** Things that break and things that are missing, in the form the sentences of `talk-texts.ts` want them. */
const things: Readonly<Record<string, readonly string[]>> = {
  objet: [
    'Un grille-pain',
    'Un aspirateur',
    'Un mixeur',
    'Une bouilloire',
    'Un ventilateur',
    'Une guirlande',
    'Un réveil',
    'Un fer à repasser',
    'Une plaque chauffante',
  ],
  piece: [
    'une courroie d’aspirateur',
    'un fusible 2,5 A',
    'un joint de cafetière',
    'un interrupteur de lampe',
    'une canette de machine à coudre',
    'un bouton de four',
    'une roulette de valise',
    'un condensateur de 4 µF',
  ],
  ding: [
    'een broodrooster',
    'een handmixer',
    'een platenspeler',
    'een rolluikmotor',
    'een leeslamp',
    'een koffiezet',
    'een winterjas',
    'een loopfiets',
    'een naaimachine',
  ],
  thing: [
    'a toaster',
    'a kitchen scale',
    'a music box',
    'a bedside lamp',
    'a raincoat zip',
    'a hand mixer',
    'a radio alarm',
    'a wooden train',
    'a record player',
    'an umbrella',
  ],
  jour: ['lundi', 'mardi', 'mercredi', 'jeudi', 'vendredi', 'samedi', 'dimanche'],
  dag: ['maandag', 'dinsdag', 'woensdag', 'donderdag', 'vrijdag', 'zaterdag', 'zondag'],
  day: ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'],
  tag: ['Montag', 'Dienstag', 'Mittwoch', 'Donnerstag', 'Freitag', 'Samstag', 'Sonntag'],
  h: ['9:30', '10:00', '11:15', '12:30', '13:00', '13:45', '14:00', '15:30', '17:00', '18:30', '19:00'],
}

const numbers: Readonly<Record<string, readonly [number, number]>> = {
  n: [3, 9],
  n0: [20, 60],
  min: [10, 45],
  eur: [12, 68],
  eur2: [70, 140],
}

/** Chooses among `{x|y}` and puts names and things in for `$` words. */
export const fill = (random: Random, text: string, nameOf: (role: string) => string): string =>
  text
    .replace(/\{([^{}]*)\}/g, (_, choices: string) => random.pick(choices.split('|')))
    .replace(/\$([a-z]+2?0?)/g, (_, slot: string) => {
      const range = numbers[slot]
      if (range !== undefined) return String(random.between(...range))
      const list = things[slot]
      return list === undefined ? nameOf(slot) : random.pick(list)
    })
