/** Why a control entry, or writing at a position, is refused. */
export interface Reason {
  readonly type:
    | 'foreign group'
    | 'not a control entry'
    | 'malformed'
    | 'builds on a refused entry'
    | 'redundant heads'
    | 'bad founding'
    | 'unknown device'
    | 'revoked device'
    | 'frozen device'
    | 'left'
    | 'removed'
    | 'suspended'
    | 'contested'
    /** What let the device in has been voided. */
    | 'not in'
    | 'unknown invitation'
    | 'invitation cancelled'
    | 'invitation used up'
    | 'needs sponsors'
    | 'needs a decision'
    | 'bad proof'
    | 'bad key'
    | 'device known'
    | 'not an own device'
    | 'unknown sheet'
    | 'sheet cancelled'
    | 'sheet used'
    | 'unknown member'
    | 'not a voter'
    | 'not a moderator'
    | 'not contested'
    | 'no use left'
    | 'weak rule'
    | 'unknown proposal'
    | 'unknown close'
    | 'enacted before'
    /** The ballots in its past do not satisfy the rules. */
    | 'not decided'
    /** Shows no share of the lot that its author committed to. */
    | 'not committed'
    /** What was committed is not sealed yet: others could choose theirs by it. */
    | 'too early'
    /** An epoch has to be for exactly the devices that may write at its position. */
    | 'wrong recipients'
    | 'unknown epoch'
    /** Vouches for a device that what it names does not take out. */
    | 'unknown end'
    | 'unseen point'
    /** Acknowledges less than was sealed or acknowledged before. */
    | 'goes back'
  readonly detail?: string
}
