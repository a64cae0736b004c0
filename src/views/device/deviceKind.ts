/** A first guess at what a person would call the device in hand: they may write something better. */
export const deviceKind = (userAgent: string): 'phone' | 'tablet' | 'computer' => {
  if (/iPad|Tablet|Android(?!.*Mobile)/.test(userAgent)) return 'tablet'
  return /iPhone|Mobile/.test(userAgent) ? 'phone' : 'computer'
}
