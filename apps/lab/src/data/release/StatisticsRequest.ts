/** Statistics that the flags of `release` ask for, with public settings only. */
import { quote } from "@nonconvex/datasets/Quote"
import { Public, type Statistic } from "@nonconvex/dp-lowrank"
import { InvalidInput } from "@nonconvex/numerics/InvalidInput"
import * as Seam from "@nonconvex/numerics/Seam"
import { Effect, Schema } from "effect"
import { Misfit } from "../../cli/Failure.ts"
import type { Input } from "./ReleaseFlags.ts"

/** Classes or a range that are missing, unreadable, or asked of the rows. */
export class UnusableStatistic extends Schema.TaggedError<UnusableStatistic>()(
  "UnusableStatistic",
  { flag: Schema.String, text: Schema.String, problem: Schema.String },
) {
  override get message(): string {
    return `--${this.flag} ${quote(this.text)}: ${this.problem}`
  }
}

/** Words for numbers or categories that a program would take from the rows. */
const ofRows =
  /^(?:auto|automatic|all|data|rows|unique|distinct|values|min|max|minmax|min:max|range|quantiles?)$/i

const ofRowsProblem = {
  histogram:
    "categories and edges are public, and those that occur in the rows are private: a category that one person has would reveal that person; name them, such as sex=female,male or age=0:18:65",
  range:
    "a range is public, and the smallest and the largest value of the rows are private: each is the value of one person; choose one that is typical of such columns, such as age=0:120",
} as const

const number = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i

/** Numbers with colons between them; undefined for anything else. */
const numbersIn = (text: string): ReadonlyArray<number> | undefined => {
  const parts = text.split(":").map((part) => part.trim())
  return parts.length > 1 && parts.every((part) => number.test(part))
    ? parts.map(Number)
    : undefined
}

/** Column and settings of a flag. */
const settingOf = (
  flag: keyof typeof ofRowsProblem,
  text: string,
): Effect.Effect<readonly [column: string, setting: string], UnusableStatistic> => {
  const at = text.indexOf("=")
  const [column, setting] = [text.slice(0, at).trim(), text.slice(at + 1).trim()]
  return at < 1 || setting === "" || ofRows.test(setting)
    ? Effect.fail(new UnusableStatistic({ flag, text, problem: ofRowsProblem[flag] }))
    : Effect.succeed([column, setting])
}

const histogramOf = Effect.fnUntraced(function* (text: string) {
  const [column, setting] = yield* settingOf("histogram", text)
  const numbers = numbersIn(setting)
  return yield* Seam.attempt([InvalidInput], (): Statistic => {
    if (numbers !== undefined) return { kind: "bins", column, edges: Public.edges(numbers) }
    const names = setting.split(",").map((name) => name.trim())
    return { kind: "categories", column, categories: Public.categories(names) }
  })
})

/** Range of a column, and the step between the numbers that may be a quantile. */
interface Ranged {
  readonly range: Public.Range
  readonly step: number | undefined
}

const rangesOf = Effect.fnUntraced(function* (texts: ReadonlyArray<string>) {
  const ranges = new Map<string, Ranged>()
  for (const text of texts) {
    const [column, setting] = yield* settingOf("range", text)
    const [lower, upper, step, ...more] = numbersIn(setting) ?? []
    if (lower === undefined || upper === undefined || more.length > 0 || ranges.has(column)) {
      const problem =
        "give each column one range, such as age=0:120, or with a step for quantiles, such as age=0:120:1"
      return yield* new UnusableStatistic({ flag: "range", text, problem })
    }
    const range = yield* Seam.attempt([InvalidInput], () => Public.range(lower, upper))
    ranges.set(column, { range, step })
  }
  return ranges
})

/** Range of a column. Fails without one. */
const rangeFor = (flag: "mean" | "quantile", column: string, ranges: Map<string, Ranged>) => {
  const own = ranges.get(column)
  if (own !== undefined) return Effect.succeed(own)
  const problem = `no range; add --range ${column}=LOWER:UPPER${flag === "mean" ? "" : ":STEP"} with public numbers, since ${ofRowsProblem.range.slice("a range is public, and ".length)}`
  return Effect.fail(new UnusableStatistic({ flag, text: column, problem }))
}

/** Numbers from the lower end to the upper end of a range, a step apart. */
const gridOf = (
  text: string,
  { range: { lower, upper }, step }: Ranged,
): Effect.Effect<Public.Edges, InvalidInput | UnusableStatistic> => {
  const steps = Math.floor((upper - lower) / (step ?? 0) + 1e-9)
  if (step === undefined || !(step > 0) || !(steps >= 1 && steps < Public.mostClasses)) {
    const problem = `a quantile needs the step of its --range, such as age=0:120:1, with 2 to ${Public.mostClasses} numbers`
    return Effect.fail(new UnusableStatistic({ flag: "quantile", text, problem }))
  }
  return Seam.attempt([InvalidInput], () =>
    Public.edges(Array.from({ length: steps + 1 }, (_, k) => lower + k * step)),
  )
}

const quantilesOf = Effect.fnUntraced(function* (text: string, ranges: Map<string, Ranged>) {
  const at = text.lastIndexOf("=")
  const [column, shares] = [text.slice(0, at).trim(), text.slice(at + 1).split(",")]
  if (at < 1 || !shares.every((share) => number.test(share.trim()))) {
    const problem = "name a column and shares, such as age=0.5 for the median"
    return yield* new UnusableStatistic({ flag: "quantile", text, problem })
  }
  const grid = yield* gridOf(text, yield* rangeFor("quantile", column, ranges))
  return shares.map((share): Statistic => ({
    kind: "quantile",
    column,
    grid,
    share: Number(share),
  }))
})

/** Refuses flags of components, which are a release of their own. */
const requireAlone = ({
  data,
  delta,
  mechanism,
  output,
  rank,
}: Input): Effect.Effect<void, Misfit> => {
  const { bound, centre, countEpsilon, rows, scale, target } = data
  const given = {
    rank,
    bound,
    centre,
    scale,
    target,
    rows,
    "count-epsilon": countEpsilon,
    save: output.save,
    mechanism: mechanism === "isotropic" ? undefined : mechanism,
    delta: delta === 0 ? undefined : delta,
  }
  const flag = Object.entries(given).find(([, value]) => value !== undefined)?.[0]
  if (flag === undefined) return Effect.void
  const needs =
    flag === "delta"
      ? "a release of components: statistics have no delta; for the budget of a new ledger give --total-delta"
      : "a release of components: run the command once for components and once for statistics; the same ledger pays for both"
  return Effect.fail(new Misfit({ flag, needs }))
}

/** Statistics in the order of the flags; none if components are requested. Fails on settings that are missing or private. */
export const read = Effect.fn("StatisticsRequest.read")(function* (input: Input) {
  const { count, histogram, mean, quantile, range } = input.statistics
  if (!count && histogram.length + mean.length + quantile.length === 0) {
    if (range.length === 0) return []
    return yield* new Misfit({ flag: "range", needs: "a --mean or a --quantile of the column" })
  }
  yield* requireAlone(input)
  const ranges = yield* rangesOf(range)
  const found: Array<Statistic> = count ? [{ kind: "count" }] : []
  for (const text of histogram) found.push(yield* histogramOf(text))
  for (const column of mean) {
    found.push({ kind: "mean", column, range: (yield* rangeFor("mean", column, ranges)).range })
  }
  for (const text of quantile) found.push(...(yield* quantilesOf(text, ranges)))
  const used = new Set(found.map((statistic) => "column" in statistic && statistic.column))
  const idle = [...ranges.keys()].find((column) => !used.has(column))
  if (idle !== undefined) {
    const problem = "no statistic of this column is requested; add --mean or --quantile"
    return yield* new UnusableStatistic({ flag: "range", text: idle, problem })
  }
  return found
})
