/** Progress in lines: done, total, rate, time left and a note, followed by the running jobs. */
import * as Table from "./TextTable.ts"

/** Progress by time, judged by more than the rate. */
export interface Estimated {
  /** Elapsed share of the estimated total time, from 0 to 1; never decreases. */
  readonly fraction: number
  /** Seconds. */
  readonly left: number
  /** True if most of the remaining time is estimated from other work. */
  readonly isRough: boolean
}

export interface Snapshot {
  readonly label: string
  readonly done: number
  /** Number of items; 0 if unknown. */
  readonly total: number
  /** Name of the items; without it the line shows a percentage. */
  readonly unit?: string
  readonly note: string
  /** Since the work began. */
  readonly seconds: number
  /**
   * Items per second since the first was finished, because starting threads would distort it. Absent while it is too early
   * for an estimate.
   */
  readonly rate?: number
  /** Instead of the rate. */
  readonly estimated?: Estimated
}

const barWidth = 20

const bar = (fraction: number): string => {
  const full = Math.round(fraction * barWidth)
  return `[${"#".repeat(full)}${"-".repeat(barWidth - full)}]`
}

const perSecond = (rate: number): string => (rate >= 10 ? Table.count(rate) : Table.margin(rate))

/** Fraction of the work done, by time if that is known. */
const fractionOf = ({ done, estimated, total }: Snapshot): number =>
  Math.min(1, done < total && estimated !== undefined ? estimated.fraction : done / total)

/** A total of 0 is an unknown one. */
const counts = (snapshot: Snapshot): string => {
  const { done, total, unit } = snapshot
  if (unit === undefined) return `${Math.floor(100 * fractionOf(snapshot))} %`
  return total === 0
    ? `${Table.count(done)} ${unit}`
    : `${Table.count(done)}/${Table.count(total)} ${unit}`
}

/** Rounds to the precision of an estimate. */
const roundly = (seconds: number): string => {
  if (seconds < 10) return `${Math.max(1, Math.round(seconds))} s`
  const step = seconds < 60 ? 5 : seconds < 600 ? 10 : 60
  return Table.duration(Math.round(seconds / step) * step).replace(/ 0 (s|min)$/, "")
}

const time = ({ done, estimated, rate, seconds, total }: Snapshot): ReadonlyArray<string> => {
  if (total === 0) return [`${Table.duration(seconds)} so far`]
  if (done >= total) return [`in ${Table.duration(seconds)}`]
  if (estimated !== undefined) {
    const { isRough, left } = estimated
    return [`${isRough ? "very roughly" : "about"} ${roundly(left)} left`]
  }
  return rate === undefined ? [] : [`${Table.duration((total - done) / rate)} left`]
}

const speed = ({ rate, unit }: Snapshot): ReadonlyArray<string> =>
  rate === undefined || unit === undefined ? [] : [`${perSecond(rate)}/s`]

/** `verify [####----] 1 240/5 200 runs, 3 100/s, 1.3 s left, worst margin 0.01`. */
export const render = (snapshot: Snapshot): string => {
  const { label, note, total } = snapshot
  const head = total === 0 ? label : `${label} ${bar(fractionOf(snapshot))}`
  const rest = [
    counts(snapshot),
    ...speed(snapshot),
    ...time(snapshot),
    ...(note === "" ? [] : [note]),
  ]
  return `${head} ${rest.join(", ")}`
}

/** Describes the current case and its duration: `  optim-sam/valley, case 3 of 12, 4.2 s`. */
export const running = (name: string, seconds: number): string =>
  `  ${name}, ${Table.duration(seconds)}`

/** A line that fits on the terminal: a longer one would wrap, and could not be drawn over. */
export const fit = (line: string, columns: number): string =>
  line.length < columns ? line : `${line.slice(0, Math.max(0, columns - 2))}…`
