/** So many bytes in words of the language: kilobytes up to a thousand of them, then larger ones. */
export const sizeText = (language: string, bytes: number): string => {
  const step = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(bytes, 1)) / 3) - 1))
  const amount = bytes / 1000 ** (step + 1)
  const maximumFractionDigits = amount < 10 ? 1 : 0
  return new Intl.NumberFormat(language, {
    style: 'unit',
    unit: units[step] ?? 'kilobyte',
    maximumFractionDigits,
  }).format(amount)
}
const units = ['kilobyte', 'megabyte', 'gigabyte'] as const
