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

export interface SessionText {
  readonly title: string
  readonly where: string
  readonly why: string
  readonly plan: readonly string[]
}

const cellar = 'La cave, 14 rue de la Plume (descendre l’escalier, pas de réseau en bas)'

export const monthNames: Readonly<Record<Language, readonly string[]>> = {
  fr: [
    'janvier',
    'février',
    'mars',
    'avril',
    'mai',
    'juin',
    'juillet',
    'août',
    'septembre',
    'octobre',
    'novembre',
    'décembre',
  ],
  nl: [
    'januari',
    'februari',
    'maart',
    'april',
    'mei',
    'juni',
    'juli',
    'augustus',
    'september',
    'oktober',
    'november',
    'december',
  ],
  en: [
    'January',
    'February',
    'March',
    'April',
    'May',
    'June',
    'July',
    'August',
    'September',
    'October',
    'November',
    'December',
  ],
  de: [
    'Januar',
    'Februar',
    'März',
    'April',
    'Mai',
    'Juni',
    'Juli',
    'August',
    'September',
    'Oktober',
    'November',
    'Dezember',
  ],
}

export const weekdayNames: Readonly<Record<Language, readonly string[]>> = {
  fr: ['dim.', 'lun.', 'mar.', 'mer.', 'jeu.', 'ven.', 'sam.'],
  nl: ['zo', 'ma', 'di', 'wo', 'do', 'vr', 'za'],
  en: ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'],
  de: ['So.', 'Mo.', 'Di.', 'Mi.', 'Do.', 'Fr.', 'Sa.'],
}

/** `*` stands for the month. */
export const monthly: Readonly<Record<Language, SessionText>> = {
  fr: {
    title: 'Repair Café de *',
    where: cellar,
    why: 'Une fois par mois, on ouvre la cave à tout le quartier. On ne répare pas à la place des gens, on répare avec eux. Ce qui repart en marche ne finit pas au parc à conteneurs.',
    plan: [
      '12 h : deux personnes ouvrent, aèrent et allument le déshumidificateur.',
      '12 h 30 : on installe les tables. Électro au fond près du tableau, couture sous la fenêtre, accueil en bas de l’escalier.',
      '13 h – 17 h : ouvert. Dernier objet accepté à 16 h 15, sinon on finit à la lampe frontale.',
      '17 h : soupe, comptes, et on note ce qu’on n’a pas réussi à réparer, avec la cause.',
      'Ne pas oublier : les rallonges rouges ne supportent pas deux fers à repasser.',
      'Les enfants sont les bienvenus à la table des jouets, avec un adulte.',
    ],
  },
  nl: {
    title: 'Repair Café in *',
    where: 'De kelder, Pluimstraat 14 (trap naar beneden, geen bereik)',
    why: 'Eén keer per maand gaat de kelder open voor de hele buurt. Wij repareren niet in iemands plaats, maar samen. Wat weer werkt, belandt niet op het containerpark.',
    plan: [
      '12.00 u: met twee openen, verluchten, ontvochtiger aan.',
      '12.30 u: tafels zetten. Elektro achteraan, naaien onder het raam, onthaal onderaan de trap.',
      '13.00 – 17.00 u: open. Laatste voorwerp om 16.15 u.',
      '17.00 u: soep, kas tellen, en opschrijven wat niet lukte en waarom.',
      'Vergeet de fiches niet: gewicht eerst, dan pas openvijzen.',
      'Wie zware spullen brengt, mag met de bakfiets tot aan de deur.',
    ],
  },
  en: {
    title: 'Repair Café, *',
    where: 'The cellar, 14 rue de la Plume (down the stairs, no signal below)',
    why: 'Once a month the cellar is open to the whole neighbourhood. We do not repair things for people, we repair them with people, and half of them go home knowing how.',
    plan: [
      '12:00 two of us open up, air the room, switch on the dehumidifier.',
      '12:30 tables: electrics at the back, sewing by the window, welcome at the foot of the stairs.',
      '13:00 to 17:00 open. Last item in at 16:15.',
      '17:00 soup, counting the box, writing down what we could not fix and why.',
      'Weigh first, unscrew later.',
      'If the queue gets long, the welcome desk sorts by "ten minutes" and "all afternoon".',
    ],
  },
  de: {
    title: 'Repair-Café im *',
    where: 'Im Keller, Rue de la Plume 14 (Treppe hinunter, kein Empfang)',
    why: 'Einmal im Monat steht der Keller dem ganzen Viertel offen. Wir reparieren nicht für die Leute, sondern mit ihnen.',
    plan: [
      '12 Uhr: zu zweit öffnen, lüften, Entfeuchter an.',
      '12.30 Uhr: Tische stellen. Elektro hinten, Nähen am Fenster, Empfang unten an der Treppe.',
      '13 bis 17 Uhr: offen. Letztes Gerät um 16.15 Uhr.',
      '17 Uhr: Suppe, Kasse, und aufschreiben, was nicht ging und warum.',
      'Niemals zwei Bügeleisen an eine Steckdosenleiste.',
    ],
  },
}

/** Sessions elsewhere, with their language. */
export const outside: readonly (readonly [Language, SessionText])[] = [
  [
    'fr',
    {
      title: 'Atelier à l’école Sainte-Claire',
      where: 'École Sainte-Claire, préau',
      why: 'Les sixièmes veulent apprendre à recoudre un bouton et à ouvrir une lampe de poche. Leur institutrice aussi.',
      plan: [
        'Trois tables, huit enfants par table, quarante minutes puis on tourne.',
        'Pas de 230 V : piles, tissu, vélos et bois.',
        'Chaque enfant repart avec l’objet et une carte « je l’ai réparé ».',
        'Prévoir des lunettes de protection en petite taille.',
      ],
    },
  ],
  [
    'fr',
    {
      title: 'Stand au marché du Jeu de Balle',
      where: 'Place du Jeu de Balle, côté caserne',
      why: 'Les gens achètent au marché des choses presque réparées. On peut finir le travail avec eux.',
      plan: [
        'Arriver avant 9 h pour la place près de la fontaine.',
        'Pas de courant : batterie et outils à main.',
        'Une affiche claire : gratuit, on répare ensemble, le tronc est là si vous voulez.',
        'On remballe à 14 h, la bâche sèche à la cave.',
      ],
    },
  ],
  [
    'nl',
    {
      title: 'Herstelnamiddag in De Klare Bron',
      where: 'Basisschool De Klare Bron, refter',
      why: 'De ouderraad verzamelde dertig kapotte speelgoedauto’s. Zonde om weg te gooien.',
      plan: [
        'Om 13.30 u tafels met de vierdes klaarzetten.',
        'Speelgoed op batterijen eerst, de rest als er tijd is.',
        'Een ouder schenkt koffie, wij brengen koekjes zonder noten.',
        'Om 16 u foto met alles wat weer rijdt.',
      ],
    },
  ],
  [
    'en',
    {
      title: 'Bike check at the park gate',
      where: 'Parc de la Porte de Hal, south gate',
      why: 'Before the autumn rain, half an hour per bike: brakes, lights, chain.',
      plan: [
        'Two stands, one pump, rags, and the good oil.',
        'Show each person one thing they can do next time.',
        'Anything worse than a cable goes to the workshop on Saturday.',
        'Bring gloves, last year was cold.',
      ],
    },
  ],
  [
    'nl',
    {
      title: 'Jas- en ritsendag in het buurthuis',
      where: 'Buurthuis Bonnevie, eerste verdieping',
      why: 'Winterjassen met kapotte ritsen liggen overal in kasten. Eén namiddag, honderd ritsen.',
      plan: [
        'Vier naaimachines, twee van thuis.',
        'Schuivers in drie maten meebrengen.',
        'Wie leert, helpt de volgende.',
        'Jassen die niemand ophaalt gaan naar het opvangcentrum.',
      ],
    },
  ],
  [
    'fr',
    {
      title: 'Réparer à la maison de repos',
      where: 'Résidence Les Tilleuls, salle commune',
      why: 'Beaucoup d’objets, beaucoup d’histoires, et des escaliers impossibles pour descendre à la cave. Alors on monte chez eux.',
      plan: [
        'Radios, lampes de chevet, lunettes, réveils.',
        'Prendre le temps d’écouter avant d’ouvrir.',
        'Deux personnes qui parlent néerlandais, s’il vous plaît.',
        'Rien ne reste sur place : on termine ou on note et on revient.',
      ],
    },
  ],
  [
    'de',
    {
      title: 'Tag der offenen Werkstatt',
      where: 'Im Keller und im Hof',
      why: 'Die anderen Werkstätten der Stadt kommen zu Besuch. Wir zeigen, was wir können, und fragen, was wir nicht können.',
      plan: [
        'Führung um 14 und um 16 Uhr, auf Deutsch und Französisch.',
        'Laser und Drucker laufen nur mit Einweisung.',
        'Ausstellung „Was wir nicht retten konnten“ im Gang.',
        'Suppe für sechzig.',
      ],
    },
  ],
  [
    'en',
    {
      title: 'Swap and mend in the street',
      where: 'Rue des Capucins, closed to cars',
      why: 'The street party asked for something to do besides eating. We bring tools, they bring clothes and cake.',
      plan: [
        'Tables from the school, sign for them on Friday.',
        'Mending on the sunny side, swapping in the shade.',
        'Extension cable from number 9, ask before plugging in.',
        'What is left at six goes to the clothes bank.',
      ],
    },
  ],
]

export interface ProjectText extends SessionText {
  readonly language: Language
  readonly when: string
  /** Title and places. */
  readonly actions: readonly (readonly [string, number])[]
}

/** The first is the one the demonstration's conflicts are about. */
export const projects: readonly ProjectText[] = [
  {
    language: 'fr',
    title: 'Initiation à la découpe laser',
    when: 'jeudi 19 h',
    where: 'La cave, coin machines',
    why: 'Trop de monde attend pour utiliser la laser. Deux heures d’initiation et on peut réserver seul.',
    plan: [
      'Groupe de quatre, pas plus.',
      'D’abord la sécurité : ventilation, extincteur, ne jamais quitter la machine.',
      'Chacun découpe un porte-clés et le règle lui-même.',
      'À la fin on signe le cahier des personnes formées.',
    ],
    actions: [
      ['Préparer les chutes de contreplaqué', 1],
      ['Accompagner le groupe', 2],
    ],
  },
  {
    language: 'nl',
    title: 'Onderdelenbibliotheek',
    when: '',
    where: 'Rek naast de trap',
    why: 'We gooien toestellen weg waar nog twintig goede onderdelen in zitten. Laten we ze sorteren en uitlenen.',
    plan: [
      'Kisten per soort: motoren, schakelaars, knoppen, snoeren.',
      'Alles wat er langer dan een jaar ligt, gaat weg.',
      'Een lijst aan de muur, geen computer nodig.',
    ],
    actions: [
      ['Kisten labelen', 2],
      ['Oude toestellen uit elkaar halen', 2],
    ],
  },
  {
    language: 'en',
    title: 'A wall of what we could not fix',
    when: 'before the open day',
    where: 'Corridor',
    why: 'We learn more from failures. Ten objects, ten short stories, and the reason each of them is dead.',
    plan: [
      'One card per object: what it was, what broke, why it could not be opened or no part exists.',
      'Ask owners before showing anything.',
      'Translate the cards, two languages each is enough.',
    ],
    actions: [
      ['Choose ten objects', 1],
      ['Write the cards', 2],
    ],
  },
  {
    language: 'fr',
    title: 'Assécher la cave',
    when: 'avant l’hiver',
    where: 'La cave',
    why: 'Le mur du fond est humide, les outils rouillent et les gens toussent.',
    plan: [
      'Mesurer l’humidité chaque semaine pendant un mois.',
      'Demander à la copropriété pour la descente d’eau.',
      'Déplacer l’étagère du bois à dix centimètres du mur.',
    ],
    actions: [
      ['Relever l’hygromètre', 1],
      ['Parler au syndic', 1],
    ],
  },
  {
    language: 'de',
    title: 'Lötkurs für Anfänger',
    when: 'drei Dienstage',
    where: 'Tisch zwei',
    why: 'Viele schauen beim Löten zu und trauen sich nicht. Drei Abende, dann traut man sich.',
    plan: [
      'Abend 1: Kabel und Stecker.',
      'Abend 2: eine Blinkschaltung.',
      'Abend 3: das eigene kaputte Gerät.',
      'Höchstens sechs Leute, Lötkolben haben wir fünf.',
    ],
    actions: [
      ['Bausätze bestellen', 1],
      ['Am Abend helfen', 2],
    ],
  },
  {
    language: 'fr',
    title: 'Une carte des réparateurs du quartier',
    when: '',
    where: '',
    why: 'Cordonnier, horloger, retoucheuse : ils sont encore là, mais personne ne le sait.',
    plan: [
      'Faire le tour à pied, deux par deux, et demander s’ils veulent y être.',
      'Imprimer sur une feuille A3 pliée.',
      'La laisser à la bibliothèque, chez le boulanger et à la maison médicale.',
    ],
    actions: [
      ['Faire le tour des rues', 2],
      ['Dessiner la carte', 1],
    ],
  },
  {
    language: 'nl',
    title: 'Bakfiets delen met de fietswerkplaats',
    when: 'vanaf april',
    where: 'Stalling Hoogstraat',
    why: 'We hebben hem twee keer per maand nodig, zij ook. Eén bakfiets is genoeg.',
    plan: [
      'Kalender op papier aan de stalling.',
      'Wie hem leeg vindt, pompt de banden op.',
      'Kosten delen: band, ketting, slot.',
    ],
    actions: [['Afspraken uitschrijven', 1]],
  },
  {
    language: 'en',
    title: 'House rules in five languages',
    when: '',
    where: 'On the door',
    why: 'Half of our visitors read neither French nor Dutch easily. Ten short lines with pictures.',
    plan: [
      'Keep it to ten lines.',
      'Pictures first, words second.',
      'Have every version read aloud by someone who grew up with it.',
    ],
    actions: [
      ['Arabic and Turkish', 2],
      ['Polish and English', 2],
      ['Draw the pictures', 1],
    ],
  },
  {
    language: 'fr',
    title: 'Soupe de la cave, le livre',
    when: 'pour la fête',
    where: '',
    why: 'On nous demande la recette à chaque séance. Douze soupes, douze histoires, imprimées ici.',
    plan: [
      'Une recette par mois, avec les quantités pour soixante.',
      'Couverture découpée à la laser.',
      'Le prix paie les fusibles de l’année.',
    ],
    actions: [
      ['Recopier les recettes', 1],
      ['Dessins', 1],
      ['Relier', 2],
    ],
  },
  {
    language: 'nl',
    title: 'Kinderhoek met echt gereedschap',
    when: '',
    where: 'Onder de trap',
    why: 'Kinderen willen geen plastic hamers. Kleine echte schroevendraaiers, een bankschroef en iemand die erbij zit.',
    plan: [
      'Tafel op 55 cm hoogte.',
      'Een doos dode toestellen zonder snoer.',
      'Altijd één volwassene erbij, elk half uur wisselen.',
    ],
    actions: [
      ['Tafel timmeren', 2],
      ['Toestellen veilig maken', 1],
    ],
  },
  {
    language: 'fr',
    title: 'Trouver une assurance qui comprend',
    when: '',
    where: '',
    why: 'Nous ouvrons des appareils avec les gens. Il faut une assurance bénévoles qui ne l’interdise pas.',
    plan: [
      'Demander à trois autres repair cafés ce qu’ils ont.',
      'Comparer sur une page, pas plus.',
      'Avis de toutes celles et ceux que ça touche, puis on signe.',
    ],
    actions: [
      ['Appeler les autres', 1],
      ['Comparer', 1],
    ],
  },
  {
    language: 'en',
    title: 'Fix the 3D printer for good',
    when: '',
    where: 'Machine corner',
    why: 'The bed has been levelled forty times. Either it gets a new frame or it becomes parts.',
    plan: [
      'Measure what actually moves.',
      'Print the brackets on somebody else’s machine first.',
      'One month without touching it, to see if it holds.',
    ],
    actions: [
      ['Measure and order', 1],
      ['Rebuild weekend', 2],
    ],
  },
  {
    language: 'fr',
    title: 'Bourse aux outils',
    when: 'au printemps',
    where: 'Cour',
    why: 'Dans chaque maison dort une perceuse qui a servi douze minutes. Échangeons-les.',
    plan: [
      'Chacun apporte ce qu’il n’utilise plus.',
      'On vérifie les cordons avant l’échange.',
      'Ce qui reste rejoint la cave.',
    ],
    actions: [
      ['Vérifier les cordons', 2],
      ['Tenir la table', 1],
    ],
  },
  {
    language: 'de',
    title: 'Licht über jedem Tisch',
    when: '',
    where: 'Keller',
    why: 'Wer nichts sieht, schraubt das Falsche auf. Fünf Lampen aus alten Scheinwerfern.',
    plan: [
      'Aus Gerettetem bauen, nur die Fassungen neu.',
      'Warmweiß, damit die Farben der Drähte stimmen.',
      'Von jemandem abnehmen lassen, der es gelernt hat.',
    ],
    actions: [
      ['Lampen bauen', 2],
      ['Abnahme', 1],
    ],
  },
  {
    language: 'nl',
    title: 'Herstelbonnen voor wie het moeilijk heeft',
    when: '',
    where: '',
    why: 'Een nieuwe batterij of rits kost geld. Met de pot kunnen we dat soms betalen, zonder vragen.',
    plan: [
      'Tot vijftien euro per keer, uit de pot.',
      'Het onthaal beslist ter plaatse, niemand moet iets bewijzen.',
      'Elke maand tellen we samen.',
    ],
    actions: [['Bonnen drukken', 1]],
  },
  {
    language: 'fr',
    title: 'Un soir par mois entre bénévoles',
    when: 'dernier mercredi',
    where: 'La cave ou chez quelqu’un',
    why: 'On se croise entre deux grille-pain et on ne se parle jamais.',
    plan: [
      'Pas d’ordre du jour.',
      'Chacun apporte quelque chose à manger et quelque chose à réparer.',
      'On finit à 22 h, promis.',
    ],
    actions: [['Accueillir le prochain', 1]],
  },
  {
    language: 'en',
    title: 'Newsletter for the friends list',
    when: 'first of the month',
    where: '',
    why: 'Two hundred and forty people asked to hear from us. A page a month, with one repair story.',
    plan: ['One story, one photo, one date.', 'French and Dutch side by side.', 'Nobody’s address leaves the cellar.'],
    actions: [
      ['Write', 1],
      ['Translate', 1],
    ],
  },
  {
    language: 'fr',
    title: 'Atelier couture du mardi',
    when: 'mardi 18 h 30',
    where: 'Sous la fenêtre',
    why: 'Une fois par mois, ce n’est pas assez pour apprendre.',
    plan: [
      'Deux machines, quatre personnes.',
      'On apporte son propre tissu ou on pioche dans la malle.',
      'Premier projet : un sac, ensuite ce qu’on veut.',
    ],
    actions: [['Ouvrir et fermer', 2]],
  },
  {
    language: 'nl',
    title: 'Meten wat we redden',
    when: 'eind dit jaar',
    where: '',
    why: 'Vijfhonderd voorwerpen per jaar, hoeveel kilo is dat? De wijkraad vraagt het, en wij willen het ook weten.',
    plan: [
      'Fiches van het hele jaar overtypen.',
      'Per soort optellen: hersteld, advies, niet te redden.',
      'Open cijfers, samen met de andere repair cafés.',
    ],
    actions: [
      ['Fiches overtypen', 3],
      ['Optellen en nalezen', 1],
    ],
  },
  {
    language: 'fr',
    title: 'Rampe pour l’escalier',
    when: '',
    where: 'Entrée de la cave',
    why: 'Onze marches, c’est trop pour beaucoup de voisins et pour toutes les machines à laver.',
    plan: [
      'Mesurer la pente, elle est raide.',
      'Planche amovible pour les objets, vraie solution pour les personnes : demander à la commune.',
      'En attendant, une sonnette en haut et quelqu’un qui descend l’objet.',
    ],
    actions: [
      ['Mesurer et dessiner', 1],
      ['Poser la sonnette', 1],
    ],
  },
  {
    language: 'en',
    title: 'Learn to open things without breaking them',
    when: 'a Sunday',
    where: 'Back table',
    why: 'Clips, hidden screws, glue. The most common damage is the one we do ourselves.',
    plan: [
      'Ten dead devices, ten kinds of clips.',
      'Guitar picks, hot air, patience.',
      'Everyone writes one card for the next person.',
    ],
    actions: [
      ['Collect devices', 1],
      ['Lead a table', 2],
    ],
  },
  {
    language: 'nl',
    title: 'Stopcontacten laten nakijken',
    when: 'voor de winter',
    where: 'Kelder',
    why: 'De stop springt te vaak. Liever nu een keuring dan straks een brandje.',
    plan: ['Drie offertes vragen.', 'Tot dan: nooit oven en laser samen.', 'Schema ophangen naast de kast.'],
    actions: [['Offertes vragen', 1]],
  },
  {
    language: 'de',
    title: 'Besuch bei der Fahrradwerkstatt',
    when: '',
    where: 'Molenbeek',
    why: 'Sie machen seit Jahren, was wir gerade erfinden. Hingehen und fragen.',
    plan: [
      'Mit der Straßenbahn 51, zu sechst.',
      'Drei Fragen vorher aufschreiben.',
      'Danach eine Seite: was wir übernehmen.',
    ],
    actions: [['Termin ausmachen', 1]],
  },
  {
    language: 'fr',
    title: 'Réduire le bruit',
    when: '',
    where: 'La cave',
    why: 'À quinze personnes on ne s’entend plus, et celles qui portent un appareil repartent avec mal à la tête.',
    plan: [
      'Panneaux de vieux manteaux entre les tables.',
      'Patins sous les chaises.',
      'Une heure calme au début, pour celles et ceux qui en ont besoin.',
    ],
    actions: [
      ['Coudre les panneaux', 2],
      ['Patins', 1],
    ],
  },
]
