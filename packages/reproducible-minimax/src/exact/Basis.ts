/**
 * Bases of the linear program of a matrix game, in exact arithmetic. A basis has as many rows as columns. On it, each player
 * makes the other indifferent, `A y = v` on the rows and `A^T x = v` on the columns, and plays no other strategies. It is an
 * equilibrium if no probability is negative and no strategy is better. From an infeasible basis, exchanges of the first two
 * improving strategies find one (the criss-cross method, Terlaky 1985, as recalled); it terminates from any basis.
 */
import type * as Kernels from "@nonconvex/numerics/Kernels"
import type { WholePayoffs } from "./WholePayoffs.ts"
import * as WholeSystem from "./WholeSystem.ts"

/** Strategies that are played or may be: as many rows as columns. */
export interface Basis {
  readonly rows: ReadonlyArray<number>
  readonly columns: ReadonlyArray<number>
}

/** A strategy in integers: the probability of the k-th is `weights[k] / total`, of the others 0. */
export interface Mixed {
  readonly played: ReadonlyArray<number>
  readonly weights: ReadonlyArray<bigint>
  readonly total: bigint
}

/** Outcome of each column for the row player times `total`, where the rows are played so; and vice versa. */
const outcomes = (
  { columns, entries, rows }: WholePayoffs,
  of: "rows" | "columns",
  { played, weights }: Pick<Mixed, "played" | "weights">,
): ReadonlyArray<bigint> => {
  const sums = Array.from({ length: of === "rows" ? columns : rows }, () => 0n)
  for (const [k, i] of played.entries()) {
    const weight = weights[k]!
    if (weight === 0n) continue
    for (let j = 0; j < sums.length; j++) {
      const entry = entries[of === "rows" ? i * columns + j : j * columns + i]!
      if (entry !== 0n) sums[j]! += weight * entry
    }
  }
  return sums
}

/**
 * Payoff of each column to the row player times the total of the rows. Also the cost of each row to the column player times the
 * total of the columns.
 */
export type Outcomes = Readonly<Record<"rows" | "columns", ReadonlyArray<bigint>>>

export const outcomesOf = (game: WholePayoffs, rows: Mixed, columns: Mixed): Outcomes => ({
  columns: outcomes(game, "rows", rows),
  rows: outcomes(game, "columns", columns),
})

/** `[A -1; 1 0]` of the rows and columns of a basis. */
const bordered = ({ columns, entries }: WholePayoffs, basis: Basis): ReadonlyArray<bigint> => [
  ...basis.rows.flatMap((i) => [...basis.columns.map((j) => entries[i * columns + j]!), -1n]),
  ...basis.columns.map(() => 1n),
  0n,
]

export interface Optimal {
  readonly rows: Mixed
  readonly columns: Mixed
  readonly outcomes: Outcomes
  /**
   * True if every played strategy has a probability above 0, and every other strategy is worse; the equilibrium is then
   * unique.
   */
  readonly isStrict: boolean
  readonly exchanges: number
}

export interface Options {
  readonly kernels: Kernels.Kernels
  readonly onDigit: (digits: number, most: number) => void
  /** Maximum number of exchanges. */
  readonly limit: number
}

/** First violation of optimality in a basis; undefined if it is optimal. */
interface Wrong {
  readonly player: "rows" | "columns"
  readonly strategy: number
}

type Solve = (
  transpose: boolean,
  right: ReadonlyArray<bigint>,
) => { readonly numerators: ReadonlyArray<bigint>; readonly denominator: bigint }

const firstBelow = (values: ReadonlyArray<bigint>): number => values.findIndex((x) => x < 0n)

/** Both players' solutions at a basis, with any signs. */
const at = (game: WholePayoffs, basis: Basis, solve: Solve) => {
  const k = basis.rows.length
  const unit = Array.from({ length: k + 1 }, (_, i) => (i === k ? 1n : 0n))
  const second = solve(false, unit)
  const first = solve(
    true,
    unit.map((x) => -x),
  )
  const mixed = (
    played: ReadonlyArray<number>,
    { denominator: total, numerators }: WholeSystem.WholeSolution,
  ): Mixed => ({ played, weights: numerators.slice(0, k), total })
  const [rows, columns] = [mixed(basis.rows, first), mixed(basis.columns, second)]
  // what a strategy has too little: 0 in the basis
  const level = { rows: -first.numerators[k]!, columns: second.numerators[k]! }
  const all = outcomesOf(game, rows, columns)
  const behind = {
    columns: all.columns.map((x) => x - level.rows),
    rows: all.rows.map((x) => level.columns - x),
  }
  return { rows, columns, outcomes: all, behind }
}

/** First strategy, rows before columns, whose probability or loss is below 0. */
const firstWrong = ({ behind, columns, rows }: ReturnType<typeof at>): Wrong | undefined => {
  for (const [player, mixed] of [
    ["rows", rows],
    ["columns", columns],
  ] as const) {
    const values = behind[player].slice()
    for (const [k, i] of mixed.played.entries()) values[i] = mixed.weights[k]!
    const strategy = firstBelow(values)
    if (strategy >= 0) return { player, strategy }
  }
  return undefined
}

/** First strategy whose exchange increases the negative entry. */
const partner = (game: WholePayoffs, basis: Basis, wrong: Wrong, solve: Solve): Wrong => {
  const { player, strategy } = wrong
  const inside = basis[player].indexOf(strategy)
  const other = player === "rows" ? "columns" : "rows"
  // a probability of the rows, or a loss of the columns, hangs on one system, the others on its transpose
  const isOfRows = (player === "rows") === inside >= 0
  const sign = isOfRows ? 1n : -1n
  const entry = (mine: number, theirs: number) =>
    game.entries[player === "rows" ? mine * game.columns + theirs : theirs * game.columns + mine]!
  const right =
    inside >= 0
      ? basis[other].map((_, k) => (k === inside ? sign : 0n)).concat(0n)
      : basis[other].map((theirs) => entry(strategy, theirs)).concat(sign)
  const { denominator, numerators } = solve(!isOfRows, right)
  const across = isOfRows ? "columns" : "rows"
  const along = isOfRows ? "rows" : "columns"
  const border = sign * numerators.at(-1)!
  const sums = outcomes(game, across, { played: basis[across], weights: numerators })
  const growth: Record<"rows" | "columns", ReadonlyArray<bigint>> = { rows: [], columns: [] }
  const held = new Set(basis[along])
  growth[along] = sums.map((sum, i) => {
    if (held.has(i)) return 0n
    const own = inside >= 0 ? 0n : entry(strategy, i) * denominator
    return sign * (own - sum + border)
  })
  growth[across] = Array.from({ length: game[across] }, () => 0n).map((zero, i) => {
    const k = basis[across].indexOf(i)
    return k < 0 ? zero : numerators[k]!
  })
  for (const candidate of ["rows", "columns"] as const) {
    const found = growth[candidate].findIndex((x) => x > 0n)
    if (found >= 0) return { player: candidate, strategy: found }
  }
  throw new Error("a matrix game without an equilibrium")
}

const toggled = (basis: Basis, { player, strategy }: Wrong): Basis => {
  const held = basis[player]
  const now = held.includes(strategy)
    ? held.filter((i) => i !== strategy)
    : [...held, strategy].toSorted((a, b) => a - b)
  return { ...basis, [player]: now }
}

/** Optimal basis, starting from one that should be near; undefined if that is singular or the limit is reached. */
export const optimal = (
  game: WholePayoffs,
  start: Basis,
  { kernels, limit, onDigit }: Options,
): Optimal | undefined => {
  let basis: Basis | undefined = start
  for (let exchanges = 0; exchanges <= limit && basis !== undefined; exchanges++) {
    const now: Basis = basis
    const next = kernels.arena.scoped((workspace) => {
      const size = now.rows.length + 1
      const system = WholeSystem.prepare(bordered(game, now), size, kernels, workspace)
      if (system === undefined) return undefined
      const solve: Solve = (transpose, right) =>
        WholeSystem.solve(system, transpose, right, onDigit)
      const found = at(game, now, solve)
      const wrong = firstWrong(found)
      if (wrong !== undefined) {
        return { basis: toggled(toggled(now, wrong), partner(game, now, wrong, solve)) }
      }
      const { behind, columns, outcomes: all, rows } = found
      const isStrict =
        [rows, columns].every(({ weights }) => weights.every((x) => x > 0n)) &&
        (["rows", "columns"] as const).every((player) => {
          const held = new Set(now[player])
          return behind[player].every((x, i) => held.has(i) || x > 0n)
        })
      return { rows, columns, outcomes: all, isStrict, exchanges }
    })
    if (next?.basis === undefined) return next
    basis = next.basis
  }
  return undefined
}
