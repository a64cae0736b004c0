import { decodeCbor, encodeCbor } from '@auzolan/trust'

/** A short list of texts as one local record. */
export const writeTexts = (texts: readonly string[]): Uint8Array => encodeCbor(texts)

/** Empty where there is none, or it is damaged. */
export const readTexts = (bytes: Uint8Array | undefined): string[] => {
  const value = bytes && decodeCbor(bytes)
  return value?.ok && Array.isArray(value.value)
    ? value.value.filter((text): text is string => typeof text === 'string')
    : []
}
