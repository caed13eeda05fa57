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
    "a range is public, and the smallest and the largest value of the rows are private: each is the value of one person; give one that such columns have everywhere, such as age=0:120",
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

const rangesOf = Effect.fnUntraced(function* (texts: ReadonlyArray<string>) {
  const ranges = new Map<string, Public.Range>()
  for (const text of texts) {
    const [column, setting] = yield* settingOf("range", text)
    const [lower, upper, ...more] = numbersIn(setting) ?? []
    if (lower === undefined || upper === undefined || more.length > 0 || ranges.has(column)) {
      const problem = "give each column one range of two numbers, such as age=0:120"
      return yield* new UnusableStatistic({ flag: "range", text, problem })
    }
    const range = yield* Seam.attempt([InvalidInput], () => Public.range(lower, upper))
    ranges.set(column, range)
  }
  return ranges
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
  const { count, histogram, mean, range } = input.statistics
  if (!count && histogram.length === 0 && mean.length === 0) {
    if (range.length === 0) return []
    return yield* new Misfit({ flag: "range", needs: "a --mean of the column" })
  }
  yield* requireAlone(input)
  const ranges = yield* rangesOf(range)
  const found: Array<Statistic> = count ? [{ kind: "count" }] : []
  for (const text of histogram) found.push(yield* histogramOf(text))
  for (const column of mean) {
    const own = ranges.get(column)
    if (own === undefined) {
      const problem = `no range; add --range ${column}=LOWER:UPPER with public numbers, since ${ofRowsProblem.range.slice("a range is public, and ".length)}`
      return yield* new UnusableStatistic({ flag: "mean", text: column, problem })
    }
    found.push({ kind: "mean", column, range: own })
  }
  const idle = [...ranges.keys()].find((column) => !mean.includes(column))
  if (idle !== undefined) {
    const problem = "no statistic of this column is requested; add --mean"
    return yield* new UnusableStatistic({ flag: "range", text: idle, problem })
  }
  return found
})
