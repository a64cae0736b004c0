/**
 * What people in a repair café say. A block is one conversation: first the languages of those who speak (a, b, c …), then their turns; `>`
 * answers the turn before. `{x|y}` chooses, `$a` is a first name, other `$` words come from `talk-slots.ts`.
 */

export const groupTalk = `
fr nl
a: {Bonjour à tous|Coucou tout le monde|Salut les réparateurs}, il nous reste combien de rallonges à la cave ? J'en ai compté $n.
b> {Ik dacht $n|Er liggen er nog een paar in de blauwe kist|Vier, maar één heeft een losse stekker}. Ik kijk $dag even na.
a: Merci $b, {on en rachètera si besoin|je note|c'est déjà ça}.

nl nl
a: Wie heeft de sleutel van de {voordeur|kelder|kast met het textiel} mee naar huis genomen?
b> {Oeps, hier. In mijn jaszak.|Dat ben ik, sorry! Ik breng hem $dag terug.|Ik niet, maar ik zag hem laatst op de vensterbank.}
a: {Oef|Gevonden dus}, dank je. Iemand anders bij wie die past, laat hem dan gewoon hangen.

en fr
a: {Quick question|Small thing|Does anyone know}: where do we keep the {spare fuses|multimeter leads|heat-shrink tubing|good scissors} now?
b> {Deuxième tiroir à gauche, sous les ampoules.|Dans la boîte verte, à côté du fer à souder.|Bonne question, elles étaient sur l'étagère de $a avant.}

fr fr en
a: {Quelqu'un|Est-ce que quelqu'un} aurait $piece chez soi ? C'est pour une dame de la rue Haute, elle y tient beaucoup.
b> {J'en ai peut-être une de côté, je regarde ce soir.|Regarde dans le carton « à démonter », on en avait.|Pas moi, mais demande chez le quincaillier rue Blaes, il est gentil.}
c: I can also {print one if you measure it|look on my way home|take one out of the dead machine on the shelf}.
a> {Parfait|Génial|Vous êtes des amours}, merci à vous deux.

de nl
a: {Der Lötkolben|Die kleine Ständerbohrmaschine|Das Netzteil am zweiten Tisch} ist {wieder in Ordnung|repariert|gerettet}, es war nur {ein Kabelbruch|die Sicherung|ein Wackelkontakt}.
b> {Super, dank je $a!|Knap!|Prachtig, dan hoeven we geen nieuwe.}

fr
a: Le {compteur|radiateur|déshumidificateur} de la cave {fait un drôle de bruit|a encore sauté|clignote rouge}. Je passe $jour vers $h pour voir, si quelqu'un veut m'accompagner…

fr nl fr
a: Petit rappel : la réunion d'accueil des nouveaux est $jour à $h, autour d'un café.
b> {Ik kom|Ik ben er bij|Reken op mij}. Moet ik koekjes meebrengen?
c> {Toujours !|Des spéculoos, s'il te plaît.|La question ne se pose même pas.}

en en
a: I wrote down the {weights|numbers} from last time: $n kilos of {small appliances|electronics|textiles} that did not go to the container park.
b> {That is lovely to know.|We should put that on the poster!|More than I would have guessed.}

nl fr
a: Mijn buurvrouw vraagt of ze $ding mag laten repareren zonder zelf te blijven wachten. Wat zeggen we daarop?
b> On a toujours dit : {on répare ensemble, donc elle reste|pas de dépôt, sinon on devient un service après-vente}. Mais si elle a du mal à marcher, je peux rester avec son appareil.
a: {Klinkt goed|Eerlijk antwoord}, ik zeg het haar zo.

fr
a: J'ai récupéré {deux lampes de bureau|une vieille machine à coudre|un lot de tournevis|trois tabourets} chez ma tante, je les dépose à la cave $jour ?

nl nl nl
a: Ik was gisteren bij de {kringwinkel|bibliotheek|wijkraad}, ze willen graag onze {affiche|folders|kalender} ophangen.
b> {Top.|Mooi!|Goed bezig $a.} In hoeveel talen hebben we die nu?
c> Vier. {Arabisch en Turks zijn er bijna, dankzij de mama's van de school.|En Pools als iemand het naleest.}

en
a: Thank you for {yesterday|the warm welcome|the soup}. I only came to fix $thing and stayed for three hours.

fr de
a: {Je serai absent|Je pars|Je ne serai pas là} deux semaines, quelqu'un peut {arroser la plante de l'accueil|relever la boîte aux lettres|surveiller le déshumidificateur} ?
b> {Mache ich gern.|Klar, ich wohne ja um die Ecke.|Ich kann, gib mir einfach den Schlüssel.}
a: Merci $b !

fr fr
a: Les comptes du mois : $eur € dans le tronc, $n paquets de café achetés. {Il reste de quoi acheter des fusibles.|On est large.|Le détail est affiché à la cave.}
b> Merci pour la clarté, {comme toujours|c'est précieux}.

nl de
a: Iemand ervaring met {een koffiezetapparaat dat lekt|een naaimachine die steken overslaat|een boormachine zonder vonk}?
b> {Meistens ist es die Dichtung.|Zeig her, am besten $tag.|Zuerst die Kohlebürsten anschauen, oft reicht das.}
a: Dank je, ik probeer dat eerst.

fr en
a: Quelqu'un de la radio de quartier voudrait venir nous {enregistrer|poser des questions} pendant une séance. D'accord pour tout le monde ?
b> Fine with me, as long as they {ask the visitors first|fix something too|do not call us a start-up}.
a: Je leur dis. {Et oui, ils apporteront quelque chose de cassé.|Pas de visages sans accord, bien sûr.}

fr
a: Bienvenue aux nouveaux ! N'hésitez pas à {poser toutes vos questions ici|passer un $jour voir comment ça se passe|commencer par regarder, personne ne naît soudeur}.

nl
a: De {lamp boven tafel twee|deurbel|waterkoker} doet het weer. {Graag gedaan.|Het was weer de schakelaar.|Vraag niet hoe.}

en nl
a: The tram is not running on {rue Haute|the Zuid side} on $day, leave earlier if you carry tools.
b> {Bedankt!|Goed om te weten.|Dan kom ik met de bakfiets, kan iets meenemen voor wie wil.}

de fr
a: Ich habe noch {einen Karton Glühbirnen|alte Netzteile|Stoffreste}, {braucht das jemand?|soll ich sie mitbringen?}
b> {Oui volontiers !|Les chutes de tissu, oui, pour l'atelier.|Apporte, on triera ensemble.}

fr nl
a: $objet qui fume, ça vous dit quelque chose ? {Ça sent le caramel brûlé.|Le propriétaire jure qu'il n'a rien fait.}
b> {Haha. Stekker uit en tot $dag.|Dat is de condensator, bijna altijd.|Trek foto's voor het archief!}

fr fr nl
a: On m'a donné $n0 {bobines de fil|ampoules à vis|boutons dépareillés|piles encore bonnes}. {Trop bien.|Je ne sais pas où les mettre.|Qui veut trier avec moi $jour ?}
b> {Je trie avec toi, ça détend.|Dans le tiroir du haut, il est vide depuis $jour.|Attends, j'ai des bocaux.}
c> {Ik neem de grote.|Laat er $n over voor de school!|Sorteren op kleur of op maat? Grote vraag.}

nl
a: Gezien in de Blaesstraat: {een kist met LP-spelers|twee stoelen zonder poot|een bijna nieuwe stofzuiger}, op straat gezet. Wie is er $dag in de buurt rond $h?

en fr
a: A {teacher|neighbour|student|journalist} asked me how many of us are electricians. I counted $n, and one of them is retired and grumpy.
b> {Je me reconnais, et je ne suis pas grincheux.|Retraité oui, le reste se discute.|Il faut un autre mot que grincheux : exigeant.}

fr
a: J'ai {affûté les ciseaux|huilé la machine verte|changé le filtre de l'aspirateur d'atelier|rangé le tiroir des vis}. {Ça m'a pris $min minutes.|Essayez, c'est le jour et la nuit.|Prochaine fois je montre à qui veut.}

nl fr
a: {De verwarming|De boiler|De verlichting op de trap} {doet het niet|valt uit na $min minuten}. Is dat bij jullie ook al gebeurd?
b> {Oui, $jour passé. Il faut attendre cinq minutes et rallumer.|Non, mais je peux passer à $h.|C'est le minuteur, il est mal réglé depuis l'heure d'été.}
a: {Opgelost!|Het doet het weer, merci.|Nog niet gelukt, maar het is al minder koud.}

de en
a: Ich lese gerade {ein Buch über Uhren|eine Anleitung von 1974|die Norm für Reparaturdaten}. {Sehr trocken.|Ihr wärt begeistert.|Wer will es danach haben?}
b> {Me, please.|Only if there are pictures.|Bring it on $day!}

fr nl
a: Les trois rôles tournent le premier du mois : {clés, caisse, calendrier|qui prend les clés cette fois ?|il manque encore quelqu'un pour la caisse}.
b> Ik doe {de kas|de sleutels|de kalender}, {als iemand mij de eerste keer helpt|dat had ik beloofd|vier maanden, en niet langer}.

fr fr
a: $b, tu avais promis de nous montrer comment {recoller une semelle|tester un condensateur|faire un ourlet invisible|démonter une pompe de machine à café}.
b> {Promis, $jour à $h.|C'est vrai ! Apportez-en une qui ne craint rien.|Je n'ai pas oublié, j'attendais la pièce.}

en nl
a: Lost and found: {one glove|a blue lunchbox|a very small screwdriver|reading glasses, +2}. {Left by the kettle.|Under table $n.}
b> {Van mij.|Niet van mij, helaas, ik zoek de andere.|Hang aan het prikbord!}

fr
a: La bibliothèque a prêté $n livres sur {la couture|les petits moteurs|le bois}, à rendre avant $jour. Ils sont sur l'étagère du fond.

nl nl
a: Mijn dochter vraagt of ze $dag mag meekomen. Ze is {negen|elf|veertien} en ze haalt alles uit elkaar.
b> {Dat is precies wie we zoeken.|Natuurlijk, aan de kindertafel of bij mij.|Als ze het ook weer in elkaar zet!}
`

export const beforeTalk = `
fr nl
a: Qui apporte {le café|les nappes|la grande bouilloire|les rallonges} $jour ?
b> {Ik|Doe ik|Laat maar, ligt al klaar}. En ik breng ook {mijn multimeter|extra zekeringen|een taart} mee.

nl nl
a: Ik kan er zijn van $h tot het einde. Is er nog plaats aan de {tafel van de elektro|naaitafel|inkom}?
b> Ja zeker, {schrijf je maar in bij de taken|er is nog een plek vrij|we komen handen tekort}.

fr fr
a: On a déjà $n personnes inscrites sur le papier de la boulangerie, {surtout des grille-pain|beaucoup de vêtements|deux vélos et une radio de 1962}.
b> {Aïe, il faudra du monde à l'électro.|Chic, une radio !|Je prends ma loupe alors.}

en fr
a: I can bring {the big toolbox|a second soldering iron|my sewing machine}, but I need help {down the stairs|from the tram stop}.
b> {Je t'attends en haut à $h.|On t'aide, envoie un message quand tu arrives.|J'ai un diable, je viens.}

fr
a: Pensez à {étiqueter chaque appareil dès l'entrée|noter le poids avant de démonter|prendre une photo avant d'ouvrir}, la dernière fois {on a cherché une vis pendant $min minutes|deux bouilloires identiques ont changé de propriétaire}.

nl fr en
a: Wie opent de kelder? We moeten met twee zijn.
b> Moi, à $h. Il me faut quelqu'un avec {le code|la deuxième clé}.
c> I have it, see you {there|at the door|at $h}.

fr de
a: Il pleuvra. On met {les vélos sous le porche|une bâche devant l'entrée|des cartons par terre} ?
b> {Gute Idee, ich bringe eine Plane mit.|Ja, und Lappen. Viele Lappen.}

nl
a: Affiches hangen {in de bibliotheek, de bakker en het wassalon|langs de hele Hoogstraat}. Nog $n over als iemand er wil.

de fr
a: Ich komme etwas später, so gegen $h. {Fangt bitte ohne mich an.|Der Laser bleibt bis dahin aus.}
b> Pas de souci $a, {on te garde une part de tarte|on commence par le tri}.

fr fr nl
a: Je ne sais pas si je pourrai {rester toute l'après-midi|porter des choses lourdes}, je peux quand même m'inscrire ?
b> Bien sûr ! {Une heure, c'est déjà beaucoup.|Prends l'accueil, on y est assis.}
c> {Zeker doen.|Ik los je af om $h.}

en en
a: Somebody is bringing {an accordion|a cuckoo clock|a 1970s slide projector}. Just so you know.
b> {Yes!!|I have waited all year for this.|Who has done one of those before? Not me.}

fr
a: J'ai recopié la liste des allergies pour la soupe : {pas de céleri, pas d'arachides|une sans gluten, deux sans lait}. Merci de me dire si j'oublie quelqu'un.

nl fr
a: De fiches voor de voorwerpen zijn bijna op, ik druk er $n0 bij.
b> Merci ! {Recto verso, comme ça la colonne « poids » est lisible.|Et un stylo qui marche, si tu trouves.}

fr en
a: Quelqu'un pour {traduire à l'accueil|s'occuper des enfants pendant qu'on répare|tenir la porte au début} ?
b> I can do {the first two hours|Polish and English|that, happily}.

nl fr
a: Er komt een groepje van $n {studenten|mensen van het opvangcentrum|buren uit de Marollen} mee, is dat goed?
b> Oui, {mais pas tous à $h s'il te plaît|on ajoute une table|dis-leur de descendre par deux, l'escalier est étroit}.

fr
a: {Liste de courses|Il manque} : {du fil noir, des fusibles, du café|de l'étain, de la colle à bois|des piles 9 V et du sparadrap}. {Je passe au magasin $jour.|Si quelqu'un passe devant…}

en fr
a: How do I {get in if the door is locked|find you, there is no sign|reach you down there without signal}?
b> {Sonne deux fois, longuement.|Descends les onze marches, suis l'odeur de soupe.|Frappe au soupirail, on entend très bien.}

nl nl
a: Ik ruil graag mijn plek met iemand die {liever naait|vroeger weg moet|wil leren solderen}.
b> {Met mij!|Ik vraag het $dag aan de nieuwe.|Kijk eens bij de taken, er is er nog een vrij.}

fr nl
a: Je viens avec {mon fils|ma voisine|deux collègues} et $piece. {On restera jusqu'à $h.|Dites-nous où aider.}
b> {Welkom allemaal!|Tof, aan de elektro is het altijd druk.|Vraag naar mij aan het onthaal.}
`

export const afterTalk = `
fr fr
a: {Quelle après-midi !|Merci à toutes et tous.|Je rentre sur les genoux, mais quel plaisir.} $n0 objets sur la liste, {les deux tiers repartent en état de marche|la moitié réparée sur place|et seulement $n qu'on n'a pas pu sauver}.
b> {Et la soupe était incroyable.|Et personne ne s'est électrocuté.|Bravo à l'accueil, quelle file !}

nl nl
a: {Mooie namiddag|Wat een volk|Knap gedaan allemaal}. Wie heeft de {lijst met voorwerpen|weegschaal|geldkist}?
b> {Ligt bij mij, ik typ ze $dag in.|In de kast, onderste plank.|Ik, en er zit $eur euro in.}

en fr
a: The gentleman with $thing came back to hug us. He had it from his mother.
b> {J'ai eu les larmes aux yeux.|C'est pour ça qu'on fait ça.|On devrait noter ces histoires quelque part.}

fr nl
a: {Oublié à la cave|Trouvé sous la table} : {une écharpe rouge|des lunettes|un sac avec deux pelotes de laine}. {C'est à qui ?|Je les garde à l'accueil.}
b> {Van mij! Dank je!|Dat is van de mevrouw met de strijkbouten.|Ik vraag het rond.}

de fr
a: {Einen Toaster|Eine Nähmaschine|Einen Mixer} haben wir leider nicht geschafft, {die Platine war durch|das Ersatzteil gibt es nicht mehr}.
b> Note-le dans « comment on a échoué », {c'est là qu'on apprend le plus|ça servira à d'autres}.

fr
a: Ce qu'on peut améliorer : {trop de bruit près de la couture|plus d'une personne à l'accueil la première heure|une affiche « ici on répare ensemble » plus visible|des sous-verres pour les soupes}.

nl fr
a: De stop is $n keer gesprongen. We mogen niet {twee strijkijzers tegelijk|de oven en de laser samen} gebruiken.
b> Oui ! {Je colle un mot sur le tableau.|C'est noté sur le compteur, en rouge.}
a> Dank je, {dat scheelt stress|dat gaat helpen}.

en en
a: I counted: $n0 visitors, $n of them under twelve. {One of them soldered her first joint.|They asked better questions than I do.}
b> {Future fixers.|So proud of them.}

fr fr
a: Je n'ai pas pu venir finalement, {mon petit était malade|train en retard|double garde au boulot}, pardon à tout le monde.
b> {Ça arrive, pas de souci.|On s'est débrouillés, prends soin de toi.|La prochaine fois !}

nl
a: Alles is opgeruimd, {de kelder is droger dan ooit|deur is op slot, sleutel op de afgesproken plaats|het vuil staat buiten voor $dag}.

fr en nl
a: Qui veut écrire le petit résumé pour {le journal du quartier|la liste des amis} ?
b> I can write it in English if someone {translates|makes it sound less like me}.
c> {Ik vertaal.|Geef maar door, ik doe het Nederlands.}

fr
a: {Trois|Deux|Quatre} personnes ont demandé comment {devenir bénévole|apprendre à souder|utiliser la découpeuse}. Je leur ai donné l'adresse, soyez gentils avec elles !

fr
a: Chiffres du jour : $n0 objets, $n pas réparables. La cause la plus fréquente : {le cordon|la soudure froide|la batterie collée|des vis que personne ne peut ouvrir}.

nl fr
a: Iemand heeft {zijn bril|een paraplu|de sleutel van de fiets} laten liggen aan tafel $n. Ik neem het mee.
b> {C'est le monsieur de la radio, je le connais.|Merci, je demande autour de moi.|À moi !! Merci $a.}

en fr
a: First time for me today. I {sewed on a pocket|found a broken wire on my own|made forty coffees}. {Same again next month?|Is it always this loud?}
b> {Bienvenue ! Et oui, toujours.|On te garde !|Tu as été formidable.}

fr fr
a: Le tronc : $eur €. {Un billet de vingt plié en cygne.|Plus que la dernière fois.|Moins que d'habitude mais trois gâteaux.}
b> {Je l'inscris dans le cahier.|Les gâteaux comptent double.|Merci, je le porte $jour.}

de nl
a: Das {Radio|Bügeleisen|Akkordeon} vom Nachmittag spielt mir noch im Kopf herum. Ich glaube, es ist {der Kondensator|ein Riss in der Platine|nur Schmutz}.
b> {Neem het gerust nog eens vast, de eigenaar heeft geen haast.|Schrijf het op de fiche!|Jij slaapt ook nooit, hé.}
`

export const projectTalk = `
fr nl
a: J'ai avancé un peu sur le plan, {dites-moi si c'est clair|corrigez sans hésiter|j’hésite sur le deuxième point}.
b> {Ziet er goed uit.|Ik heb een zin aangepast, kijk eens.|Duidelijk, alleen de datum ontbreekt nog.}

nl fr
a: Wat zou dit ongeveer kosten?
b> {J'ai demandé : entre $eur et $eur2 euros.|Presque rien si on récupère le bois.|Moins de 150, donc on peut avancer après avoir demandé conseil.}
a> {Dan doen we het gewoon.|Goed, ik vraag nog twee mensen om advies.}

en de
a: Would {Saturday morning|$day evening|the week after the market} work for a first try?
b> {Für mich passt es.|Ja, aber erst ab $h.|Gern, ich bringe Werkzeug mit.}

fr fr
a: Je propose qu'on {commence petit|fasse un essai d'un mois|demande d'abord aux voisins}, et on en reparle.
b> {D'accord.|Ça me va, et on note ce qui ne marche pas.|Bonne idée, moins de réunions, plus de tournevis.}

nl nl
a: Ik heb {een schets|een lijstje|drie foto's} gemaakt, ze hangen aan het prikbord.
b> {Mooi werk!|Die tweede versie vind ik het best.|Ik zou het dertig centimeter lager hangen, voor de kinderen.}

fr en
a: {Il manque quelqu'un pour|On cherche une personne pour} {le transport|les photos|la partie électrique}. Ça tente quelqu'un ?
b> {I could, if nobody else wants to.|Count me in.|Not my strength, but I can hold the ladder.}
a> {Super, merci $b.|Tenir l'échelle, c'est déjà la moitié du travail.}

de nl
a: {Das Holz ist da|Die Teile sind angekommen|Die Genehmigung ist da}, {wir können anfangen|es fehlen nur noch Schrauben}.
b> {Joepie.|Eindelijk!|Dan begin ik $dag.}

fr
a: Où en est-on ? {Je n'ai plus suivi depuis deux semaines.|J'ai un peu de temps $jour si ça aide.}

en
a: Tried it today. {It works, mostly.|First version wobbles, second one holds.|Not yet, but I know why.} {Will show you on $day.|Photos on the board.}

fr nl
a: La commune répond qu'il faut {une demande écrite|prévenir la police de quartier|une assurance}. {Rien de méchant.|Je m'en occupe.}
b> Merci $a, {papierwerk is ook liefdewerk|laat weten als je een handtekening nodig hebt}.

nl de
a: Zullen we het {samen met de mensen van de fietswerkplaats|met de school erbij|met de buren van nummer 12} doen?
b> {Unbedingt.|Ja, die haben auch den Platz dafür.|Ich frage sie.}

fr fr
a: Attention, {le texte dit 14 h mais l'affiche 13 h|on a deux versions de la liste|quelqu'un a changé la date}.
b> {Bien vu, je corrige.|C'est moi, pardon. 14 h est juste.}

fr nl
a: J'ai demandé autour de moi : $n personnes sont intéressées, {surtout le $jour soir|mais pas avant $h|à condition que ce soit gratuit}.
b> {Meer dan ik dacht.|Genoeg om te beginnen.|Dan moeten we plaatsen vrijmaken in de taken.}

en
a: Small update: {wood is cut|cards are printed|the parts came|nothing moved this week, sorry}. Next step is on $day at $h.

nl nl
a: Wie schrijft het plan verder uit? Ik ben gestopt bij {het tweede punt|de veiligheid|de kosten}.
b> {Ik vul aan.|Gedaan, lees eens na.|Laat het zo kort, dat is net goed.}

fr de
a: Est-ce qu'on demande conseil à {la commune|l'école|ceux de Molenbeek} avant de décider ?
b> {Ja, lieber einmal zu viel fragen.|Fragen ja, warten nein.|Ich rufe $tag dort an.}
a> {Parfait.|Bon compromis.|Tu me raconteras.}

fr
a: Pour mémoire, ce que ça a coûté jusqu'ici : $eur €. {Tout est dans le cahier.|Le reste est de la récup.|Il reste de quoi finir.}

en nl
a: I am stuck with {the hinge|the wording|the measurements}. Fresh eyes, anyone?
b> {Ik kom $dag kijken.|Stuur een foto.|Leg het even weg, morgen zie je het.}
`

/** How some end what they write. */
export const closings = {
  fr: [
    'Bises, $me',
    'À $jour !',
    'Belle soirée à tous.',
    '– $me',

    '(Je suis joignable jusqu’à $h.)',
    '😊',
    'À tantôt.',
    'Prenez soin de vous.',
  ],
  nl: [
    'Groetjes, $me',
    'Tot $dag!',
    '– $me',
    'Fijne avond nog.',

    '(Ik ben bereikbaar tot $h.)',
    '👍',
    'Tot gauw.',
    'Slaapwel allemaal.',
  ],
  en: ['– $me', 'See you on $day.', '(I can be reached until $h.)', '🙂', 'Cheers, $me', 'Off to work now.'],
  de: ['– $me', 'Bis $tag!', 'Liebe Grüße, $me', '(Erreichbar bis $h.)', 'Schönen Abend noch.', '🙂'],
} as const
