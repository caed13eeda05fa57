/** What must be reached, in bars.json: a median speed against another implementation of the same run, or a time. */
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { type CaseResult, speed } from "./Measure.ts"

export type Bar = {
  readonly case: string
  readonly ours: string
} & (
  | { readonly against: string; /** Their time over ours, at least. */ readonly speed: number }
  | { /** At most. */ readonly seconds: number }
)

export interface Verdict {
  readonly bar: Bar
  /** "absent": one of the two did not run, so nothing can be said. */
  readonly status: "reached" | "missed" | "absent"
  /** The median of the rounds' speeds, or the median time. */
  readonly value?: number
}

export const read = (): ReadonlyArray<Bar> =>
  JSON.parse(readFileSync(join(import.meta.dirname, "..", "bars.json"), "utf8")) as Array<Bar>

/** The verdict on each bar whose case was run. */
export const judge = (
  bars: ReadonlyArray<Bar>,
  results: ReadonlyArray<CaseResult>,
): ReadonlyArray<Verdict> =>
  bars.flatMap((bar): ReadonlyArray<Verdict> => {
    const result = results.find((each) => each.case.name === bar.case)
    if (result === undefined) return []
    const find = (name: string) => result.measured.find((each) => each.implementation === name)
    const ours = find(bar.ours)
    // Ours is always there, so when it did not agree with the others the bar is missed.
    if (ours === undefined) return [{ bar, status: "missed" }]
    if ("seconds" in bar) {
      const value = ours.seconds.median
      return [{ bar, status: value <= bar.seconds ? "reached" : "missed", value }]
    }
    const theirs = find(bar.against)
    if (theirs === undefined) return [{ bar, status: "absent" }]
    const value = speed(ours, theirs).median
    return [{ bar, status: value >= bar.speed ? "reached" : "missed", value }]
  })
