/**
 * What a proof of a decision comes to, in English: said by the command line as it stands, and by the app in the language chosen. Places for values are
 * plain names in braces, nothing more, so that neither needs the other's way of filling them.
 */
export const proofWords = {
  'proof.decided.remove': '{name} is removed from the group.',
  'proof.decided.readmit': '{name} is taken back.',
  'proof.decided.voters': 'these have a vote: {names}.',
  'proof.decided.rename': 'the group is called "{name}".',
  'proof.decided.moderator': '{name} is a moderator.',
  'proof.decided.noModerator': '{name} is no longer a moderator.',
  'proof.decided.rebind': '{name} goes on with a new device, and the earlier ones count no more.',
  'proof.decided.admit': '{name} is let in.',
  'proof.decided.rule': 'another rule holds for one kind of decision ({name}).',
  'proof.decided.admission': 'newcomers come in another way than before.',
  'proof.decided.quorum': 'another share of the voters confirms what is decided.',
  'proof.decided.text': 'this version of a text is agreed on.',
  'proof.decided.forkNotice': 'another group is noted as a copy of this one.',
  'proof.is.every entry is signed by the device it names': 'every entry is signed by the device it names',
  'proof.is.everything the decision rests on is here': 'everything the decision rests on is here',
  'proof.is.everyone was allowed to say what they said': 'everyone was allowed to say what they said',
  'proof.is.the ballots satisfy every rule and electorate that applied':
    'the ballots satisfy every rule and electorate that applied',
  'proof.is.everyone who signed was in the group when they did': 'everyone who signed was in the group when they did',
  'proof.is.each signature names the text it is for': 'each signature names the text it is for',
  'proof.is.nobody is counted twice': 'nobody is counted twice',
  'proof.is.it builds on the checkpoint': 'it builds on the checkpoint',
  'proof.is.the group has confirmed it, so that nothing that arrives later undoes it':
    'the group has confirmed it, so that nothing that arrives later undoes it',
  'proof.isNot.that nothing said apart or later has undone it': 'that nothing said apart or later has undone it',
  'proof.isNot.that the group has confirmed it': 'that the group has confirmed it',
  'proof.isNot.that the group has not gone on by another branch': 'that the group has not gone on by another branch',
  'proof.isNot.that nobody has taken their signature back since': 'that nobody has taken their signature back since',
  'proof.isNot.that everybody who signed is in the file': 'that everybody who signed is in the file',
  'proof.isNot.who signed on paper': 'who signed on paper: that is the word of the members who entered and saw it',
  'proof.isNot.who these people are': 'who these people are',
  'proof.isNot.when it was': 'when it was',
  'proof.fault.not a certificate': 'this is not a whole file of this kind.',
  'proof.fault.newer': 'made by a newer version of the program; this one cannot say.',
  'proof.fault.header': 'its header does not read, or names something else.',
  'proof.fault.signature': 'its header and its signature do not belong together: one of them was changed.',
  'proof.fault.item': 'what it says is not what was signed.',
  'proof.fault.refused': "it is as it was signed, but the group's rules do not allow it.",
  'proof.fault.missing': 'something it builds on is missing.',
  'proof.fault.not needed': 'the file holds something that has nothing to do with what it is about.',
  'proof.fault.no decision': 'what the file names is not in it.',
  'proof.faultAt': 'entry {entry} of the file: {fault}',
  'proof.line.decided': 'The group "{group}" decided: {decided}',
  'proof.line.reason': 'Reason given: {reason}',
  'proof.line.tally': '{yes} yes, {no} no, of {of} who had a vote:',
  'proof.line.vote': '  {name}: {vote}',
  'proof.line.nameless': 'somebody without a name',
  'proof.line.none': 'no answer',
  'proof.line.is': 'Proven by the {entries} entries in this file:',
  'proof.line.isNot': 'Not proven, by this or any file:',
  'proof.line.clock': "(Its author's clock said {when}.)",
  'proof.line.call': 'The group "{group}" asks people to sign: {title}',
  'proof.line.askedBy': '(Asked by {name}.)',
  'proof.line.signed': '{here} signed this text, and {paper} more on paper that two members saw:',
  'proof.line.signature': '  {name}: {is}',
  'proof.line.signatureComment': '  {name}: {is} ("{comment}")',
  'proof.line.paper': '  {name}: {is}, on paper, entered by {by}, seen by {seen}',
  'proof.line.nobody': 'nobody else',
  'proof.signature.now': 'signed',
  'proof.signature.earlier': 'signed an earlier text',
  'proof.signature.unknown': 'signed a text that is not in the file',
  'proof.signature.withdrawn': 'took it back',
  'proof.signature.late': 'signed after the day',
  'proof.line.broken': 'Not proven.',
} as const

export type ProofKey = keyof typeof proofWords
/** One sentence, to be said in any language. */
export interface ProofSentence {
  readonly key: ProofKey
  readonly values: Readonly<Record<string, string | number>>
}

/** In English. */
export const sayProof = ({ key, values }: ProofSentence): string =>
  proofWords[key].replace(/\{(\w+)\}/g, (place, name: string) => String(values[name] ?? place))
