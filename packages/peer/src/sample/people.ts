import type { Random } from './random.ts'

export type Language = 'fr' | 'nl' | 'en' | 'de'
export type Craft = 'fixing' | 'hosting' | 'cooking' | 'making'

export interface Character {
  readonly name: string
  readonly language: Language
  readonly craft: Craft
}

/** The people of the repair café: 21 who repair, 9 who welcome, 5 in the kitchen, 3 who look after the machines. */
const neighbours: readonly (readonly [string, Language, Craft])[] = [
  ['Fatima El Amrani', 'fr', 'hosting'],
  ['Joris Vandenbroucke', 'nl', 'fixing'],
  ['Mireille Delvaux', 'fr', 'fixing'],
  ['Tobias Krüger', 'de', 'making'],
  ['Wim De Ridder', 'nl', 'fixing'],
  ['Awa Diallo', 'fr', 'cooking'],
  ['Hannah Whitcombe', 'en', 'fixing'],
  ['Jean-Luc Lambrechts', 'fr', 'fixing'],
  ['Nele Claes', 'nl', 'hosting'],
  ['Omar Benali', 'fr', 'fixing'],
  ['Zofia Wiśniewska', 'en', 'fixing'],
  ['Luc Mertens', 'nl', 'fixing'],
  ['Chantal Ngalula', 'fr', 'hosting'],
  ['Emre Yıldız', 'fr', 'fixing'],
  ['Greet Van Acker', 'nl', 'cooking'],
  ['Sorin Popescu', 'fr', 'fixing'],
  ['Anke Baumgartner', 'de', 'fixing'],
  ['Youssef Chaouki', 'fr', 'making'],
  ['Siobhán Kelly', 'en', 'hosting'],
  ['Bart Goossens', 'nl', 'fixing'],
  ['Éloïse Petitjean', 'fr', 'fixing'],
  ['Koen Wouters', 'nl', 'fixing'],
  ['Madeleine Hubert', 'fr', 'hosting'],
  ['Dieter Höfer', 'de', 'fixing'],
  ['Naïma Bouzid', 'fr', 'cooking'],
  ['Priya Raman', 'en', 'fixing'],
  ['Stijn Peeters', 'nl', 'fixing'],
  ['Gaëlle Thiry', 'fr', 'hosting'],
  ['Marek Nowak', 'en', 'fixing'],
  ['Lieve Desmet', 'nl', 'hosting'],
  ['Abdoulaye Sow', 'fr', 'fixing'],
  ['Inès Carvalho', 'fr', 'making'],
  ['Rik Aerts', 'nl', 'fixing'],
  ['Jutta Lindemann', 'de', 'hosting'],
  ['Pascal Renard', 'fr', 'cooking'],
  ['Tom Ashdown', 'en', 'fixing'],
  ['Saskia Verhulst', 'nl', 'hosting'],
  ['Bénédicte Lejeune', 'fr', 'cooking'],
]

const firstNames: Readonly<Record<Language, readonly string[]>> = {
  fr: [
    'Amélie',
    'Bruno',
    'Camille',
    'Driss',
    'Estelle',
    'Franck',
    'Ghislaine',
    'Hamza',
    'Isabelle',
    'Jérôme',
    'Khadija',
    'Loïc',
    'Mamadou',
    'Noémie',
    'Olivier',
    'Rachida',
    'Thérèse',
    'Xavier',
  ],
  nl: [
    'An',
    'Bram',
    'Dries',
    'Els',
    'Femke',
    'Geert',
    'Hilde',
    'Jef',
    'Katrien',
    'Lars',
    'Marijke',
    'Pieter',
    'Ruben',
    'Sofie',
    'Veerle',
    'Wout',
  ],
  en: ['Alice', 'Callum', 'Deepa', 'Edith', 'Finn', 'Grace', 'Ifeoma', 'Kasia', 'Liam', 'Niamh', 'Oskar', 'Ruth'],
  de: ['Antje', 'Bernd', 'Carla', 'Gerd', 'Heike', 'Jürgen', 'Lena', 'Matthias', 'Renate', 'Uwe'],
}

const familyNames: Readonly<Record<Language, readonly string[]>> = {
  fr: [
    'Collard',
    'Dubuisson',
    'El Khattabi',
    'François',
    'Gillard',
    'Haddad',
    'Kabongo',
    'Leclercq',
    'Maréchal',
    'Ouédraogo',
    'Pirard',
    'Stassart',
    'Wauters',
    'Zerrouki',
  ],
  nl: [
    'Baert',
    'Cools',
    'De Smedt',
    'Hendrickx',
    'Jacobs',
    'Lemmens',
    'Maes',
    'Pauwels',
    'Segers',
    'Van Hove',
    'Verbeke',
    'Willems',
  ],
  en: ['Adeyemi', 'Brennan', 'Fletcher', 'Kowalczyk', 'Marsh', 'Nair', 'O’Rourke', 'Pritchard', 'Szabó', 'Winslow'],
  de: ['Brandt', 'Fuchs', 'Hartung', 'Kessler', 'Möller', 'Neumann', 'Schröder', 'Vogt'],
}

/** As many people as wanted: first the 38 neighbours, then others like them, every name once. */
export const charactersOf = (random: Random, count: number): readonly Character[] => {
  const known = neighbours.slice(0, count).map(([name, language, craft]): Character => ({ name, language, craft }))
  const names = new Set(known.map(({ name }) => name))
  while (known.length < count) {
    const [, language, craft] = random.pick(neighbours)
    const name = `${random.pick(firstNames[language])} ${random.pick(familyNames[language])}`
    if (!names.has(name)) known.push({ name, language, craft })
    names.add(name)
  }
  return known
}

export const firstNameOf = ({ name }: Character): string => name.split(' ')[0] as string
