/** The table on the terminal. */
import type { Verdict } from "./Bars.ts"
import { type Ceilings, secondsAtCeiling } from "./Ceiling.ts"
import { type CaseResult, type Measured, speed } from "./Measure.ts"

/** Seconds, with a unit that keeps the number readable. */
export const time = (seconds: number): string => {
  if (seconds < 1e-6) return `${(seconds * 1e9).toPrecision(3)} ns`
  if (seconds < 1e-3) return `${(seconds * 1e6).toPrecision(3)} us`
  if (seconds < 1) return `${(seconds * 1e3).toPrecision(3)} ms`
  return `${seconds.toPrecision(3)} s`
}

/** `, 2.3 % of them taken by other virtual machines`, after the number of threads; empty if unknown. */
export const takenOf = (part: number | undefined): string =>
  part === undefined ? "" : `, ${(100 * part).toFixed(1)} % of them taken by other virtual machines`

const rate = ({ bytes, operations }: CaseResult["case"], seconds: number): string => {
  if (operations !== undefined) return `${(operations / seconds / 1e9).toPrecision(3)} GFlop/s`
  return bytes === undefined ? "" : `${(bytes / seconds / 1e9).toPrecision(3)} GB/s`
}

const row = (
  result: CaseResult,
  measured: Measured,
  first: Measured,
  ceiling: Ceilings,
): ReadonlyArray<string> => {
  const { high, low, median } = measured.seconds
  const least = secondsAtCeiling(result.case, ceiling)
  const share = least === undefined ? "" : `${((100 * least) / median).toFixed(0)}%`
  const ratio = measured === first ? "" : speed(first, measured).toFixed(2)
  return [
    measured === result.measured[0] ? result.case.name : "",
    measured.implementation,
    time(median),
    `${time(low)} to ${time(high)}`,
    rate(result.case, median),
    share,
    ratio,
    shownFigures(measured),
  ]
}

const shownFigures = ({ figures = {} }: Measured): string =>
  Object.entries(figures)
    .map(([name, value]) => `${name} ${Number(value.toPrecision(4))}`)
    .join(", ")

const head = [
  "work",
  "implementation",
  "median",
  "quartiles",
  "rate",
  "of SIMD",
  "ours is x times",
  "",
]

/** One line for each implementation of each case. The last column is how many times faster our first one is, by rounds. */
export const table = (results: ReadonlyArray<CaseResult>, ceiling: Ceilings): string => {
  const rows = results.flatMap((result) =>
    result.measured.map((measured) => row(result, measured, result.measured[0]!, ceiling)),
  )
  const lines = [head, ...rows]
  const widths = head.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)))
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join("  ")
        .trimEnd(),
    )
    .join("\n")
}

const required = ({ bar, least, most }: Verdict): string => {
  if ("seconds" in bar) return `at most ${time(bar.seconds)}`
  if ("reach" in bar) return `the interval of ours less ${bar.against} reaches ${bar.reach}`
  if ("share" in bar) return `at least ${bar.share} of the ceiling of 128-bit SIMD`
  if ("figure" in bar) {
    const [word, ratio] = "most" in bar ? ["most", bar.most] : ["least", bar.least]
    return `${bar.figure} at ${word} ${ratio} of that of ${bar.against}`
  }
  const beyond =
    most === undefined ? "" : `; the ceiling of 128-bit SIMD is ${most.toFixed(2)} of it here`
  return `at least ${least ?? bar.speed} of the speed of ${bar.against}${beyond}`
}

/** One line for each bar. */
export const verdictLines = (verdicts: ReadonlyArray<Verdict>): ReadonlyArray<string> =>
  verdicts.map((verdict) => {
    const { bar, interval, status, value } = verdict
    const plain =
      value === undefined ? "not measured" : "seconds" in bar ? time(value) : value.toFixed(2)
    const shown =
      interval === undefined
        ? plain
        : `${interval.mean.toFixed(4)}, 95 % from ${interval.low.toFixed(4)} to ${interval.high.toFixed(4)}`
    return `${status.padEnd(8)}${bar.case}, ${bar.ours}: ${shown} (${required(verdict)})`
  })
