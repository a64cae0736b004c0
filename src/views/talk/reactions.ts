import type { Reaction } from '@auzolan/core'
import Frown from '@lucide/svelte/icons/face-slightly-frowning'
import Heart from '@lucide/svelte/icons/heart'
import Laugh from '@lucide/svelte/icons/face-grinning'
import PartyPopper from '@lucide/svelte/icons/party-popper'
import Sparkles from '@lucide/svelte/icons/sparkles'
import ThumbsUp from '@lucide/svelte/icons/thumbs-up'

/** Pictures of the quick answers; their words stand beside them or label what holds them. */
export const pictures = {
  yes: ThumbsUp,
  heart: Heart,
  laugh: Laugh,
  party: PartyPopper,
  wow: Sparkles,
  sad: Frown,
} as const satisfies Record<Reaction, typeof Heart>
