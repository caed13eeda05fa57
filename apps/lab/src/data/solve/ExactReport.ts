/** Report of `solve --exact`. */
import type { WrittenColumn } from "@nonconvex/datasets/TableFile"
import * as Elementary from "@nonconvex/numerics/Elementary"
import { type Fraction, toNumber } from "@nonconvex/reproducible-minimax"
import type { solveExactly } from "@nonconvex/reproducible-minimax/operations"
import { KernelsName } from "@nonconvex/runner/Capabilities"
import { Schema } from "effect"
import * as Table from "../../cli/TextTable.ts"
import type { Loaded } from "./SolveInput.ts"
import { reading, SolveReport } from "./SolveReport.ts"

const Exactly = Schema.Struct({
  /** Integers of any length, as text. */
  numerator: Schema.String,
  denominator: Schema.String,
  /** Nearest double. */
  decimal: Schema.Number,
})

/** JSON of `solve --exact`: each payoff counts as the decimal that is written, and nothing is rounded. */
export const ExactReport = Schema.Struct({
  problem: Schema.String,
  read: SolveReport.fields.read,
  /** True if the strategies are an equilibrium: `least` and `most` then both equal the value, which is the proof. */
  isEquilibrium: Schema.Boolean,
  /** True if the equilibrium is proved to be unique. */
  isOnly: Schema.Boolean,
  /** Guaranteed payoff of the row player with these strategies, and the most that the column player pays. */
  least: Exactly,
  most: Exactly,
  players: Schema.Array(
    Schema.Struct({
      title: Schema.String,
      /** A probability is its weight over the total. */
      total: Schema.String,
      /** In the order of the file; unplayed strategies have weight 0. */
      strategies: Schema.Array(
        Schema.Struct({ name: Schema.String, weight: Schema.String, probability: Schema.Number }),
      ),
    }),
  ),
  /** Number of strategies exchanged after the computation in doubles had finished. */
  exchanges: Schema.Int,
  /** Binary digits that each number of an equilibrium would have, where these are too many to compute. */
  bits: Schema.optionalKey(Schema.Number),
  kernels: KernelsName,
})
export type ExactReport = typeof ExactReport.Type

const exactly = (value: Fraction): typeof Exactly.Type => ({
  numerator: String(value.numerator),
  denominator: String(value.denominator),
  decimal: toNumber(value),
})

export const make = (options: {
  readonly loaded: Loaded
  readonly found: ReturnType<typeof solveExactly>
  readonly kernels: KernelsName
}): ExactReport => {
  const { found, kernels, loaded } = options
  const { bits, exchanges, isOnly, least, most } = found
  return {
    problem: loaded.description,
    read: loaded.read,
    isEquilibrium: bits === undefined,
    isOnly,
    least: exactly(least),
    most: exactly(most),
    players: loaded.blocks.map(({ names, title }) => {
      const { played, total, weights } = title === "row" ? found.rows : found.columns
      const weightOf = new Map(played.map((i, k) => [i, weights[k]!]))
      const strategies = names.map((name, i) => {
        const weight = weightOf.get(i) ?? 0n
        const probability = toNumber({ numerator: weight, denominator: total })
        return { name, weight: String(weight), probability }
      })
      return { title, total: String(total), strategies }
    }),
    exchanges,
    ...(bits !== undefined && { bits }),
    kernels,
  }
}

/** All strategies, in a row each; numerators and denominators are integers of any length, and texts. */
export const table = ({ players }: ExactReport): ReadonlyArray<WrittenColumn> => {
  const all = players.flatMap(({ strategies, title, total }) =>
    strategies.map((each) => ({ ...each, title, total })),
  )
  return [
    { name: "player", values: all.map(({ title }) => title) },
    { name: "strategy", values: all.map(({ name }) => name) },
    { name: "probability", values: Float64Array.from(all, ({ probability }) => probability) },
    { name: "numerator", values: all.map(({ weight }) => weight) },
    { name: "denominator", values: all.map(({ total }) => total) },
  ]
}

/** Maximum number of strategies on a screen, and of digits of a fraction. */
const shown = 12
const longest = 30

/** Fraction in lowest terms if it is short enough to read; otherwise undefined. */
const short = (numerator: string, denominator: string): string | undefined => {
  if (numerator.length + denominator.length > longest) return undefined
  let [a, b] = [BigInt(numerator), BigInt(denominator)]
  while (b !== 0n) [a, b] = [b, a % b]
  const common = a < 0n ? -a : a
  const [over, under] = [BigInt(numerator) / common, BigInt(denominator) / common]
  return under === 1n ? String(over) : `${over}/${under}`
}

const list = ({ strategies, total }: ExactReport["players"][number]): string => {
  const used = strategies.filter(({ weight }) => weight !== "0")
  const first = used.length > shown ? used.toSorted((a, b) => b.probability - a.probability) : used
  const line = first
    .slice(0, shown)
    .map(({ name, probability, weight }) => {
      const fraction = short(weight, total)
      const decimal = Number(probability.toPrecision(6))
      return fraction === undefined || fraction === String(decimal)
        ? `${name} ${fraction ?? decimal}`
        : `${name} ${fraction} = ${decimal}`
    })
    .join(", ")
  const [rest, none] = [used.length - shown, strategies.length - used.length]
  const more = rest > 0 ? ` and ${Table.count(rest)} more (all with --save or --json)` : ""
  const long =
    short("1", total) === undefined
      ? `; fractions with a denominator of ${Table.count(total.length)} digits (shown by --save or --json)`
      : ""
  return `${line}${more}${none > 0 ? `; ${Table.count(none)} not played` : ""}${long}`
}

const valueLine = ({ isEquilibrium, least, most }: ExactReport): string => {
  if (!isEquilibrium) return `between ${least.decimal} and ${most.decimal}, without rounding`
  const fraction = short(least.numerator, least.denominator)
  if (fraction === undefined) {
    const digits = least.denominator.length
    return `${least.decimal} (a fraction with a denominator of ${Table.count(digits)} digits)`
  }
  return fraction === String(least.decimal) ? fraction : `${fraction} = ${least.decimal}`
}

/** Number of decimal digits for the given number of bits. */
const digitsOf = (bits: number): string => Table.count(Math.ceil(bits * Elementary.log10(2)))

export const render = (report: ExactReport): string => {
  const { bits, exchanges, isOnly, least, most, players, problem, read } = report
  return [
    problem,
    `read           ${reading(read, "game")}`,
    `value          ${valueLine(report)}`,
    ...players.map((player) => `${player.title.padEnd(14)} ${list(player)}`),
    ...(bits === undefined
      ? [
          "proof          payoffs are read as exact decimals; with these fractions the row player gets at least the value against every column, and the column player pays no more against any row, without rounding",
          `others         ${isOnly ? "none: the played strategies have positive probability, and all others do strictly worse" : "there may be other equilibria with the same value"}`,
        ]
      : [
          `gap            ${Table.margin(most.decimal - least.decimal)}: no player gains more by another strategy`,
          `fractions      none: they would have ${digitsOf(bits)} digits each; these are the doubles of solve without --exact, with exact bounds`,
        ]),
    ...(exchanges === 0
      ? []
      : [
          `exchanges      ${Table.plural(exchanges, "strategy was", "strategies were")} exchanged where double precision could not decide`,
        ]),
  ].join("\n")
}
