import type { Craft, Language } from './people.ts'

export interface Shift {
  readonly craft: Craft
  readonly title: Readonly<Record<Language, string>>
  readonly details: string
  readonly places: number
}

/** The 14 places of a session. */
export const shifts: readonly Shift[] = [
  {
    craft: 'fixing',
    places: 3,
    details: 'Grille-pain, mixers, bouilloires. Toujours débrancher avant d’ouvrir.',
    title: {
      fr: 'Petit électroménager',
      nl: 'Kleine huishoudtoestellen',
      en: 'Small appliances',
      de: 'Kleine Haushaltsgeräte',
    },
  },
  {
    craft: 'fixing',
    places: 2,
    details: 'Soldeerbout en goede lamp staan klaar op tafel twee.',
    title: {
      fr: 'Électronique et lampes',
      nl: 'Elektronica en lampen',
      en: 'Electronics and lamps',
      de: 'Elektronik und Lampen',
    },
  },
  {
    craft: 'fixing',
    places: 2,
    details: 'Two machines, bring your own good scissors.',
    title: { fr: 'Couture', nl: 'Naaien', en: 'Sewing', de: 'Nähen' },
  },
  {
    craft: 'fixing',
    places: 1,
    details: 'Sous le porche s’il ne pleut pas.',
    title: { fr: 'Vélos et bois', nl: 'Fietsen en hout', en: 'Bikes and wood', de: 'Fahrräder und Holz' },
  },
  {
    craft: 'hosting',
    places: 2,
    details: 'Dire bonjour, expliquer qu’on répare ensemble, faire asseoir les gens.',
    title: { fr: 'Accueil', nl: 'Onthaal', en: 'Welcome', de: 'Empfang' },
  },
  {
    craft: 'hosting',
    places: 1,
    details: 'Een fiche per voorwerp: naam, gewicht, wat er stuk is, hoe het afliep.',
    title: { fr: 'Fiches et balance', nl: 'Fiches en weegschaal', en: 'Cards and scales', de: 'Karten und Waage' },
  },
  {
    craft: 'cooking',
    places: 2,
    details: 'Soupe sans céleri, café, et de l’eau pour tout le monde.',
    title: { fr: 'Soupe et café', nl: 'Soep en koffie', en: 'Soup and coffee', de: 'Suppe und Kaffee' },
  },
  {
    craft: 'making',
    places: 1,
    details: 'Nur wer die Einführung gemacht hat. Nie unbeaufsichtigt lassen.',
    title: {
      fr: 'Laser et imprimante 3D',
      nl: 'Laser en 3D-printer',
      en: 'Laser and 3D printer',
      de: 'Laser und 3D-Drucker',
    },
  },
]
