/**
 * What the initiatives of a repair café say. A block is one: language · title · when · where, then why, the lines of its plan, and its
 * actions with their places.
 */

/** In the cellar; `*` stands for the month. */
export const monthlySessions = `
fr · Repair Café de * ·  · La cave, 14 rue de la Plume (descendre l’escalier, pas de réseau en bas)
Une fois par mois, on ouvre la cave à tout le quartier. On ne répare pas à la place des gens, on répare avec eux. Ce qui repart en marche ne finit pas au parc à conteneurs.
- 12 h : deux personnes ouvrent, aèrent et allument le déshumidificateur.
- 12 h 30 : on installe les tables. Électro au fond près du tableau, couture sous la fenêtre, accueil en bas de l’escalier.
- 13 h – 17 h : ouvert. Dernier objet accepté à 16 h 15, sinon on finit à la lampe frontale.
- 17 h : soupe, comptes, et on note ce qu’on n’a pas réussi à réparer, avec la cause.
- Ne pas oublier : les rallonges rouges ne supportent pas deux fers à repasser.
- Les enfants sont les bienvenus à la table des jouets, avec un adulte.

nl · Repair Café in * ·  · De kelder, Pluimstraat 14 (trap naar beneden, geen bereik)
Eén keer per maand gaat de kelder open voor de hele buurt. Wij repareren niet in iemands plaats, maar samen. Wat weer werkt, belandt niet op het containerpark.
- 12.00 u: met twee openen, verluchten, ontvochtiger aan.
- 12.30 u: tafels zetten. Elektro achteraan, naaien onder het raam, onthaal onderaan de trap.
- 13.00 – 17.00 u: open. Laatste voorwerp om 16.15 u.
- 17.00 u: soep, kas tellen, en opschrijven wat niet lukte en waarom.
- Vergeet de fiches niet: gewicht eerst, dan pas openvijzen.
- Wie zware spullen brengt, mag met de bakfiets tot aan de deur.

en · Repair Café, * ·  · The cellar, 14 rue de la Plume (down the stairs, no signal below)
Once a month the cellar is open to the whole neighbourhood. We do not repair things for people, we repair them with people, and half of them go home knowing how.
- 12:00 two of us open up, air the room, switch on the dehumidifier.
- 12:30 tables: electrics at the back, sewing by the window, welcome at the foot of the stairs.
- 13:00 to 17:00 open. Last item in at 16:15.
- 17:00 soup, counting the box, writing down what we could not fix and why.
- Weigh first, unscrew later.
- If the queue gets long, the welcome desk sorts by "ten minutes" and "all afternoon".

de · Repair-Café im * ·  · Im Keller, Rue de la Plume 14 (Treppe hinunter, kein Empfang)
Einmal im Monat steht der Keller dem ganzen Viertel offen. Wir reparieren nicht für die Leute, sondern mit ihnen.
- 12 Uhr: zu zweit öffnen, lüften, Entfeuchter an.
- 12.30 Uhr: Tische stellen. Elektro hinten, Nähen am Fenster, Empfang unten an der Treppe.
- 13 bis 17 Uhr: offen. Letztes Gerät um 16.15 Uhr.
- 17 Uhr: Suppe, Kasse, und aufschreiben, was nicht ging und warum.
- Niemals zwei Bügeleisen an eine Steckdosenleiste.
`

/** At a school, on the market, in the street. */
export const outsideSessions = `
fr · Atelier à l’école Sainte-Claire ·  · École Sainte-Claire, préau
Les sixièmes veulent apprendre à recoudre un bouton et à ouvrir une lampe de poche. Leur institutrice aussi.
- Trois tables, huit enfants par table, quarante minutes puis on tourne.
- Pas de 230 V : piles, tissu, vélos et bois.
- Chaque enfant repart avec l’objet et une carte « je l’ai réparé ».
- Prévoir des lunettes de protection en petite taille.

fr · Stand au marché du Jeu de Balle ·  · Place du Jeu de Balle, côté caserne
Les gens achètent au marché des choses presque réparées. On peut finir le travail avec eux.
- Arriver avant 9 h pour la place près de la fontaine.
- Pas de courant : batterie et outils à main.
- Une affiche claire : gratuit, on répare ensemble, le tronc est là si vous voulez.
- On remballe à 14 h, la bâche sèche à la cave.

nl · Herstelnamiddag in De Klare Bron ·  · Basisschool De Klare Bron, refter
De ouderraad verzamelde dertig kapotte speelgoedauto’s. Zonde om weg te gooien.
- Om 13.30 u tafels met de vierdes klaarzetten.
- Speelgoed op batterijen eerst, de rest als er tijd is.
- Een ouder schenkt koffie, wij brengen koekjes zonder noten.
- Om 16 u foto met alles wat weer rijdt.

en · Bike check at the park gate ·  · Parc de la Porte de Hal, south gate
Before the autumn rain, half an hour per bike: brakes, lights, chain.
- Two stands, one pump, rags, and the good oil.
- Show each person one thing they can do next time.
- Anything worse than a cable goes to the workshop on Saturday.
- Bring gloves, last year was cold.

nl · Jas- en ritsendag in het buurthuis ·  · Buurthuis Bonnevie, eerste verdieping
Winterjassen met kapotte ritsen liggen overal in kasten. Eén namiddag, honderd ritsen.
- Vier naaimachines, twee van thuis.
- Schuivers in drie maten meebrengen.
- Wie leert, helpt de volgende.
- Jassen die niemand ophaalt gaan naar het opvangcentrum.

fr · Réparer à la maison de repos ·  · Résidence Les Tilleuls, salle commune
Beaucoup d’objets, beaucoup d’histoires, et des escaliers impossibles pour descendre à la cave. Alors on monte chez eux.
- Radios, lampes de chevet, lunettes, réveils.
- Prendre le temps d’écouter avant d’ouvrir.
- Deux personnes qui parlent néerlandais, s’il vous plaît.
- Rien ne reste sur place : on termine ou on note et on revient.

de · Tag der offenen Werkstatt ·  · Im Keller und im Hof
Die anderen Werkstätten der Stadt kommen zu Besuch. Wir zeigen, was wir können, und fragen, was wir nicht können.
- Führung um 14 und um 16 Uhr, auf Deutsch und Französisch.
- Laser und Drucker laufen nur mit Einweisung.
- Ausstellung „Was wir nicht retten konnten“ im Gang.
- Suppe für sechzig.

en · Swap and mend in the street ·  · Rue des Capucins, closed to cars
The street party asked for something to do besides eating. We bring tools, they bring clothes and cake.
- Tables from the school, sign for them on Friday.
- Mending on the sunny side, swapping in the shade.
- Extension cable from number 9, ask before plugging in.
- What is left at six goes to the clothes bank.
`

/** The first is the one the demonstration's conflicts are about. */
export const projectTexts = `
fr · Initiation à la découpe laser · jeudi 19 h · La cave, coin machines
Trop de monde attend pour utiliser la laser. Deux heures d’initiation et on peut réserver seul.
- Groupe de quatre, pas plus.
- D’abord la sécurité : ventilation, extincteur, ne jamais quitter la machine.
- Chacun découpe un porte-clés et le règle lui-même.
- À la fin on signe le cahier des personnes formées.
1 Préparer les chutes de contreplaqué
2 Accompagner le groupe

nl · Onderdelenbibliotheek ·  · Rek naast de trap
We gooien toestellen weg waar nog twintig goede onderdelen in zitten. Laten we ze sorteren en uitlenen.
- Kisten per soort: motoren, schakelaars, knoppen, snoeren.
- Alles wat er langer dan een jaar ligt, gaat weg.
- Een lijst aan de muur, geen computer nodig.
2 Kisten labelen
2 Oude toestellen uit elkaar halen

en · A wall of what we could not fix · before the open day · Corridor
We learn more from failures. Ten objects, ten short stories, and the reason each of them is dead.
- One card per object: what it was, what broke, why it could not be opened or no part exists.
- Ask owners before showing anything.
- Translate the cards, two languages each is enough.
1 Choose ten objects
2 Write the cards

fr · Assécher la cave · avant l’hiver · La cave
Le mur du fond est humide, les outils rouillent et les gens toussent.
- Mesurer l’humidité chaque semaine pendant un mois.
- Demander à la copropriété pour la descente d’eau.
- Déplacer l’étagère du bois à dix centimètres du mur.
1 Relever l’hygromètre
1 Parler au syndic

de · Lötkurs für Anfänger · drei Dienstage · Tisch zwei
Viele schauen beim Löten zu und trauen sich nicht. Drei Abende, dann traut man sich.
- Abend 1: Kabel und Stecker.
- Abend 2: eine Blinkschaltung.
- Abend 3: das eigene kaputte Gerät.
- Höchstens sechs Leute, Lötkolben haben wir fünf.
1 Bausätze bestellen
2 Am Abend helfen

fr · Une carte des réparateurs du quartier ·  ·
Cordonnier, horloger, retoucheuse : ils sont encore là, mais personne ne le sait.
- Faire le tour à pied, deux par deux, et demander s’ils veulent y être.
- Imprimer sur une feuille A3 pliée.
- La laisser à la bibliothèque, chez le boulanger et à la maison médicale.
2 Faire le tour des rues
1 Dessiner la carte

nl · Bakfiets delen met de fietswerkplaats · vanaf april · Stalling Hoogstraat
We hebben hem twee keer per maand nodig, zij ook. Eén bakfiets is genoeg.
- Kalender op papier aan de stalling.
- Wie hem leeg vindt, pompt de banden op.
- Kosten delen: band, ketting, slot.
1 Afspraken uitschrijven

en · House rules in five languages ·  · On the door
Half of our visitors read neither French nor Dutch easily. Ten short lines with pictures.
- Keep it to ten lines.
- Pictures first, words second.
- Have every version read aloud by someone who grew up with it.
2 Arabic and Turkish
2 Polish and English
1 Draw the pictures

fr · Soupe de la cave, le livre · pour la fête ·
On nous demande la recette à chaque séance. Douze soupes, douze histoires, imprimées ici.
- Une recette par mois, avec les quantités pour soixante.
- Couverture découpée à la laser.
- Le prix paie les fusibles de l’année.
1 Recopier les recettes
1 Dessins
2 Relier

nl · Kinderhoek met echt gereedschap ·  · Onder de trap
Kinderen willen geen plastic hamers. Kleine echte schroevendraaiers, een bankschroef en iemand die erbij zit.
- Tafel op 55 cm hoogte.
- Een doos dode toestellen zonder snoer.
- Altijd één volwassene erbij, elk half uur wisselen.
2 Tafel timmeren
1 Toestellen veilig maken

fr · Trouver une assurance qui comprend ·  ·
Nous ouvrons des appareils avec les gens. Il faut une assurance bénévoles qui ne l’interdise pas.
- Demander à trois autres repair cafés ce qu’ils ont.
- Comparer sur une page, pas plus.
- Avis de toutes celles et ceux que ça touche, puis on signe.
1 Appeler les autres
1 Comparer

en · Fix the 3D printer for good ·  · Machine corner
The bed has been levelled forty times. Either it gets a new frame or it becomes parts.
- Measure what actually moves.
- Print the brackets on somebody else’s machine first.
- One month without touching it, to see if it holds.
1 Measure and order
2 Rebuild weekend

fr · Bourse aux outils · au printemps · Cour
Dans chaque maison dort une perceuse qui a servi douze minutes. Échangeons-les.
- Chacun apporte ce qu’il n’utilise plus.
- On vérifie les cordons avant l’échange.
- Ce qui reste rejoint la cave.
2 Vérifier les cordons
1 Tenir la table

de · Licht über jedem Tisch ·  · Keller
Wer nichts sieht, schraubt das Falsche auf. Fünf Lampen aus alten Scheinwerfern.
- Aus Gerettetem bauen, nur die Fassungen neu.
- Warmweiß, damit die Farben der Drähte stimmen.
- Von jemandem abnehmen lassen, der es gelernt hat.
2 Lampen bauen
1 Abnahme

nl · Herstelbonnen voor wie het moeilijk heeft ·  ·
Een nieuwe batterij of rits kost geld. Met de pot kunnen we dat soms betalen, zonder vragen.
- Tot vijftien euro per keer, uit de pot.
- Het onthaal beslist ter plaatse, niemand moet iets bewijzen.
- Elke maand tellen we samen.
1 Bonnen drukken

fr · Un soir par mois entre bénévoles · dernier mercredi · La cave ou chez quelqu’un
On se croise entre deux grille-pain et on ne se parle jamais.
- Pas d’ordre du jour.
- Chacun apporte quelque chose à manger et quelque chose à réparer.
- On finit à 22 h, promis.
1 Accueillir le prochain

en · Newsletter for the friends list · first of the month ·
Two hundred and forty people asked to hear from us. A page a month, with one repair story.
- One story, one photo, one date.
- French and Dutch side by side.
- Nobody’s address leaves the cellar.
1 Write
1 Translate

fr · Atelier couture du mardi · mardi 18 h 30 · Sous la fenêtre
Une fois par mois, ce n’est pas assez pour apprendre.
- Deux machines, quatre personnes.
- On apporte son propre tissu ou on pioche dans la malle.
- Premier projet : un sac, ensuite ce qu’on veut.
2 Ouvrir et fermer

nl · Meten wat we redden · eind dit jaar ·
Vijfhonderd voorwerpen per jaar, hoeveel kilo is dat? De wijkraad vraagt het, en wij willen het ook weten.
- Fiches van het hele jaar overtypen.
- Per soort optellen: hersteld, advies, niet te redden.
- Open cijfers, samen met de andere repair cafés.
3 Fiches overtypen
1 Optellen en nalezen

fr · Rampe pour l’escalier ·  · Entrée de la cave
Onze marches, c’est trop pour beaucoup de voisins et pour toutes les machines à laver.
- Mesurer la pente, elle est raide.
- Planche amovible pour les objets, vraie solution pour les personnes : demander à la commune.
- En attendant, une sonnette en haut et quelqu’un qui descend l’objet.
1 Mesurer et dessiner
1 Poser la sonnette

en · Learn to open things without breaking them · a Sunday · Back table
Clips, hidden screws, glue. The most common damage is the one we do ourselves.
- Ten dead devices, ten kinds of clips.
- Guitar picks, hot air, patience.
- Everyone writes one card for the next person.
1 Collect devices
2 Lead a table

nl · Stopcontacten laten nakijken · voor de winter · Kelder
De stop springt te vaak. Liever nu een keuring dan straks een brandje.
- Drie offertes vragen.
- Tot dan: nooit oven en laser samen.
- Schema ophangen naast de kast.
1 Offertes vragen

de · Besuch bei der Fahrradwerkstatt ·  · Molenbeek
Sie machen seit Jahren, was wir gerade erfinden. Hingehen und fragen.
- Mit der Straßenbahn 51, zu sechst.
- Drei Fragen vorher aufschreiben.
- Danach eine Seite: was wir übernehmen.
1 Termin ausmachen

fr · Réduire le bruit ·  · La cave
À quinze personnes on ne s’entend plus, et celles qui portent un appareil repartent avec mal à la tête.
- Panneaux de vieux manteaux entre les tables.
- Patins sous les chaises.
- Une heure calme au début, pour celles et ceux qui en ont besoin.
2 Coudre les panneaux
1 Patins
`
