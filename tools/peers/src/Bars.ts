/** What must be reached, in bars.json: a speed or a figure against another of the same run, a share of the ceiling, a time. */
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { type Ceilings, secondsAtCeiling } from "./Ceiling.ts"
import { type CaseResult, hasAllThreads, type Measured, speed } from "./Measure.ts"
import { type Interval, pairedDifference } from "./Statistics.ts"
import type { Splits } from "./Workload.ts"

/** In the place of a name: of ours, or of the peers with one thread, whoever takes the least time in the run. */
export const fastest = "fastest"

export type Bar = {
  readonly case: string
  /** The name of an implementation, or `fastest`. */
  readonly ours: string
} & (
  | {
      readonly against: string
      /** Their time over ours, at least. */
      readonly speed: number
      /** The same where ours has the embedded kernels alone, by 128 bits. */
      readonly narrow?: number
      /** What the last run that was documented found instead. */
      readonly missed?: number
    }
  | {
      /** Of the ceiling of 128-bit SIMD of the same run, at least. */ readonly share: number
    }
  | { /** At most. */ readonly seconds: number }
  | {
      readonly against: string
      /** The name of a figure of the case, of which less is better. */ readonly figure: string
      /** Ours over theirs, at most. */ readonly most: number
    }
  | {
      readonly against: string
      /** The name of a figure of the case, of which more is better. */ readonly figure: string
      /** Ours over theirs, at least. */ readonly least: number
    }
  | {
      readonly against: string
      /** Ours less theirs over splits: its 95 % interval must reach this or more. */ readonly reach: number
    }
)

export interface Verdict {
  readonly bar: Bar
  /** "absent": one of the two did not run, so nothing can be said. */
  readonly status: "reached" | "missed" | "absent"
  /** The median of the rounds' speeds, the share, or the median time. */
  readonly value?: number
  /** The speed that was asked. */
  readonly least?: number
  /** The speed against the other at the ceiling of 128-bit SIMD, where that is below the bar: no code reaches it. */
  readonly most?: number
  /** Of a difference over splits, whose mean is the value. */
  readonly interval?: Interval
}

export const file = join(import.meta.dirname, "..", "bars.json")

export const read = (): ReadonlyArray<Bar> => JSON.parse(readFileSync(file, "utf8")) as Array<Bar>

/** The same bars; those of speed that a run judged say by what number they were missed, and only then. */
export const withMissed = (
  bars: ReadonlyArray<Bar>,
  verdicts: ReadonlyArray<Verdict>,
): ReadonlyArray<Bar> =>
  bars.map((bar) => {
    const verdict = verdicts.find((each) => each.bar === bar)
    if (verdict === undefined || verdict.status === "absent" || !("speed" in bar)) return bar
    const { missed: _, ...asked } = bar
    const { status, value } = verdict
    if (status === "reached" || value === undefined) return asked
    return { ...asked, missed: Number(value.toPrecision(2)) }
  })

const figure = ({ figures }: Measured, name: string): number => figures?.[name] ?? Number.NaN

interface Circumstances {
  /** Seconds of a run at the ceiling of 128-bit SIMD. */
  readonly least: number | undefined
  readonly splits: Splits | undefined
  readonly isNarrow: boolean
}

const judgeOne = (
  bar: Bar,
  ours: Measured,
  theirs: Measured | undefined,
  { isNarrow, least, splits }: Circumstances,
): Verdict => {
  if ("seconds" in bar) {
    const value = ours.seconds.median
    return { bar, status: value <= bar.seconds ? "reached" : "missed", value }
  }
  if ("share" in bar) {
    if (least === undefined) return { bar, status: "absent" }
    const value = least / ours.seconds.median
    return { bar, status: value >= bar.share ? "reached" : "missed", value }
  }
  if (theirs === undefined) return { bar, status: "absent" }
  if ("reach" in bar) {
    if (splits === undefined) return { bar, status: "absent" }
    const interval = pairedDifference(ours.scores ?? [], theirs.scores ?? [], splits)
    const status = interval.high >= bar.reach ? "reached" : "missed"
    return { bar, status, value: interval.mean, interval }
  }
  if ("figure" in bar) {
    const [mine, other] = [figure(ours, bar.figure), figure(theirs, bar.figure)]
    // products, for a score may be negative
    const reached = "most" in bar ? mine <= bar.most * other : mine >= bar.least * other
    return { bar, status: reached ? "reached" : "missed", value: mine / other }
  }
  const value = speed(ours, theirs)
  const most = least === undefined ? Infinity : theirs.seconds.median / least
  const asked = isNarrow ? (bar.narrow ?? bar.speed) : bar.speed
  const status = value >= asked ? "reached" : "missed"
  return { bar, status, value, least: asked, ...(most < asked ? { most } : {}) }
}

/** Of those measured the one with the smallest median; undefined of none. */
export const quickest = (measured: ReadonlyArray<Measured>): Measured | undefined =>
  measured.toSorted((a, b) => a.seconds.median - b.seconds.median)[0]

/** The verdict on each bar whose case was run. */
export const judge = (
  bars: ReadonlyArray<Bar>,
  results: ReadonlyArray<CaseResult>,
  ceiling: Ceilings = {},
): ReadonlyArray<Verdict> =>
  bars.flatMap((bar): ReadonlyArray<Verdict> => {
    const result = results.find((each) => each.case.name === bar.case)
    if (result === undefined) return []
    const find = (name: string, own: boolean) =>
      name === fastest
        ? quickest(result.measured.filter((each) => each.own === own && !hasAllThreads(each)))
        : result.measured.find((each) => each.implementation === name)
    const ours = find(bar.ours, true)
    if (ours === undefined) {
      // who computed something else misses; of who is not on this machine nothing can be said
      const isThere = bar.ours === fastest || bar.ours in result.disagreements
      return [{ bar, status: isThere ? "missed" : "absent" }]
    }
    const theirs = "against" in bar ? find(bar.against, false) : undefined
    const least = secondsAtCeiling(result.case, ceiling)
    const splits = "splits" in result.case ? result.case.splits : undefined
    const { isNarrow = false } = result
    return [judgeOne(bar, ours, theirs, { isNarrow, least, splits })]
  })
