/** One line of progress: done, total, rate, time left, and a note. */
import * as Table from "./Table.ts"

export interface Snapshot {
  readonly label: string
  readonly done: number
  readonly total: number
  /** What is counted; without it the line shows a percentage. */
  readonly unit?: string
  readonly note: string
  /** Since the work began. */
  readonly seconds: number
}

const barWidth = 20

const bar = (fraction: number): string => {
  const full = Math.round(fraction * barWidth)
  return `[${"#".repeat(full)}${"-".repeat(barWidth - full)}]`
}

/** Too little was done, or too little time went by, to tell a rate. */
const isEarly = ({ done, seconds }: Snapshot): boolean => done === 0 || seconds < 0.5

const perSecond = (rate: number): string => (rate >= 10 ? Table.count(rate) : Table.margin(rate))

const counts = ({ done, total, unit }: Snapshot): string =>
  unit === undefined
    ? `${Math.floor((100 * done) / total)} %`
    : `${Table.count(done)}/${Table.count(total)} ${unit}`

const pace = (snapshot: Snapshot): ReadonlyArray<string> => {
  if (isEarly(snapshot)) return []
  const rate = snapshot.done / snapshot.seconds
  return [
    ...(snapshot.unit === undefined ? [] : [`${perSecond(rate)}/s`]),
    snapshot.done >= snapshot.total
      ? `in ${Table.duration(snapshot.seconds)}`
      : `${Table.duration((snapshot.total - snapshot.done) / rate)} left`,
  ]
}

/** `verify [####----] 1 240/5 200 runs, 3 100/s, 1.3 s left, worst margin 0.01`. */
export const render = (snapshot: Snapshot): string => {
  const fraction = snapshot.total === 0 ? 1 : Math.min(1, snapshot.done / snapshot.total)
  const rest = [
    counts(snapshot),
    ...pace(snapshot),
    ...(snapshot.note === "" ? [] : [snapshot.note]),
  ]
  return `${snapshot.label} ${bar(fraction)} ${rest.join(", ")}`
}

/** A line that fits on the terminal: a longer one would wrap, and could not be drawn over. */
export const fit = (line: string, columns: number): string =>
  line.length < columns ? line : `${line.slice(0, Math.max(0, columns - 2))}…`
