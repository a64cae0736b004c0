import { ours } from './subjects.ts'
import type { Metric, Workload } from './workload.ts'

/** Figures of one workload: by subject, one record for each repetition it took part in. */
export interface Measured {
  readonly workload: Workload
  readonly runs: Readonly<Record<string, readonly Readonly<Record<string, number>>[]>>
  /** Why a subject has no figure. */
  readonly faults: Readonly<Record<string, string>>
}

export interface Line {
  readonly workload: string
  readonly title: string
  readonly metric: string
  readonly unit: string
  readonly medians: Readonly<Record<string, number>>
  /** Ours divided by each peer's, paired by repetition: the median of the ratios. */
  readonly ratios: Readonly<Record<string, number>>
  readonly target: string
  readonly met: boolean | undefined
}

const median = (values: readonly number[]): number | undefined => {
  const sorted = values.filter(Number.isFinite).sort((one, other) => one - other)
  const middle = sorted[Math.floor((sorted.length - 1) / 2)]
  const next = sorted[Math.ceil((sorted.length - 1) / 2)]
  return middle === undefined || next === undefined ? undefined : (middle + next) / 2
}

const defined = (pairs: readonly (readonly [string, number | undefined])[]): Record<string, number> =>
  Object.fromEntries(pairs.filter((pair): pair is readonly [string, number] => pair[1] !== undefined))

const bestPeer = (metric: Metric, medians: Readonly<Record<string, number>>): string | undefined =>
  Object.entries(medians)
    .filter(([name]) => name !== ours)
    .sort(([, one], [, other]) => (metric.better === 'lower' ? one - other : other - one))[0]?.[0]

const describe = (metric: Metric): string => {
  const sign = metric.better === 'lower' ? '≤' : '≥'
  if ('none' in metric.target) return ''
  if ('value' in metric.target) return `${sign} ${round(metric.target.value)}`
  return `${sign} ${metric.target.times} × ${metric.target.of}`
}

const isMet = (
  metric: Metric,
  medians: Readonly<Record<string, number>>,
  ratios: Readonly<Record<string, number>>,
): boolean | undefined => {
  const figure = medians[ours]
  if (figure === undefined || 'none' in metric.target) return undefined
  const within = (value: number, limit: number) => (metric.better === 'lower' ? value <= limit : value >= limit)
  if ('value' in metric.target) return within(figure, metric.target.value)
  const peer = metric.target.of === 'best' ? bestPeer(metric, medians) : metric.target.of
  const ratio = peer === undefined ? undefined : ratios[peer]
  return ratio === undefined ? undefined : within(ratio, metric.target.times)
}

/** Three significant digits, no exponent. */
export const round = (value: number): string =>
  Math.abs(value) >= 100
    ? Math.round(value).toLocaleString('en')
    : value === 0
      ? '0'
      : String(Number(value.toPrecision(value < 1 ? 2 : 3)))

export const linesOf = ({ workload, runs }: Measured): Line[] =>
  Object.entries(workload.metrics).map(([key, metric]) => {
    const values = Object.entries(runs).map(([name, all]) => [name, all.map((run) => run[key] ?? Number.NaN)] as const)
    const medians = defined(values.map(([name, all]) => [name, median(all)]))
    const own = values.find(([name]) => name === ours)?.[1] ?? []
    const ratios = defined(
      values
        .filter(([name]) => name !== ours && own.length > 0)
        .map(([name, all]) => [name, median(own.map((value, n) => value / (all[n] ?? Number.NaN)))]),
    )
    return {
      workload: workload.id,
      title: workload.title,
      metric: metric.name,
      unit: metric.unit,
      medians,
      ratios,
      target: describe(metric),
      met: isMet(metric, medians, ratios),
    }
  })

/** A table for people: a row for each figure, a column for each subject, a peer's figure with ours as a multiple of it. */
export const tableOf = (lines: readonly Line[], names: readonly string[]): string => {
  const shown = (line: Line, name: string) => {
    const figure = line.medians[name]
    if (figure === undefined) return '–'
    const ratio = line.ratios[name]
    return ratio === undefined ? round(figure) : `${round(figure)} (${round(ratio)} ×)`
  }
  const rows = lines.map((line) => [
    line.workload,
    [line.metric, line.unit].filter(Boolean).join(', '),
    ...names.map((name) => shown(line, name)),
    line.target,
    line.met === undefined ? '' : line.met ? 'yes' : 'no',
  ])
  const all = [['', 'figure', ...names, 'target', 'met'], ...rows]
  const widths = all[0]?.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0))) ?? []
  const format = (row: readonly string[]) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd()
  return [format(all[0] ?? []), widths.map((width) => '─'.repeat(width)).join('  '), ...all.slice(1).map(format)].join(
    '\n',
  )
}
