/** One line of progress: done, total, rate, time left, and a note. */
import * as Table from "./TextTable.ts"

export interface Snapshot {
  readonly label: string
  readonly done: number
  /** 0 where it is unknown. */
  readonly total: number
  /** What is counted; without it the line shows a percentage. */
  readonly unit?: string
  readonly note: string
  /** Since the work began. */
  readonly seconds: number
  /** A second, since the first was done: starting threads is no measure of them. Absent while it is too early to tell. */
  readonly rate?: number
}

const barWidth = 20

const bar = (fraction: number): string => {
  const full = Math.round(fraction * barWidth)
  return `[${"#".repeat(full)}${"-".repeat(barWidth - full)}]`
}

const perSecond = (rate: number): string => (rate >= 10 ? Table.count(rate) : Table.margin(rate))

/** A total of 0 is an unknown one. */
const counts = ({ done, total, unit }: Snapshot): string => {
  if (unit === undefined) return `${Math.floor((100 * done) / total)} %`
  return total === 0
    ? `${Table.count(done)} ${unit}`
    : `${Table.count(done)}/${Table.count(total)} ${unit}`
}

const time = ({ done, rate, seconds, total }: Snapshot): ReadonlyArray<string> => {
  if (total === 0) return [`${Table.duration(seconds)} so far`]
  if (done >= total) return [`in ${Table.duration(seconds)}`]
  return rate === undefined ? [] : [`${Table.duration((total - done) / rate)} left`]
}

const speed = ({ rate, unit }: Snapshot): ReadonlyArray<string> =>
  rate === undefined || unit === undefined ? [] : [`${perSecond(rate)}/s`]

/** `verify [####----] 1 240/5 200 runs, 3 100/s, 1.3 s left, worst margin 0.01`. */
export const render = (snapshot: Snapshot): string => {
  const { done, label, note, total } = snapshot
  const head = total === 0 ? label : `${label} ${bar(Math.min(1, done / total))}`
  const rest = [
    counts(snapshot),
    ...speed(snapshot),
    ...time(snapshot),
    ...(note === "" ? [] : [note]),
  ]
  return `${head} ${rest.join(", ")}`
}

/** A line that fits on the terminal: a longer one would wrap, and could not be drawn over. */
export const fit = (line: string, columns: number): string =>
  line.length < columns ? line : `${line.slice(0, Math.max(0, columns - 2))}…`
