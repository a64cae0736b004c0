import { vi } from 'vitest'

/** What a command printed as data. */
export const printed = async (run: () => Promise<void>): Promise<string> => {
  const lines: string[] = []
  vi.spyOn(process.stdout, 'write').mockImplementation((line) => lines.push(String(line)) > 0)
  vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  await run()
  vi.restoreAllMocks()
  return lines.join('')
}
