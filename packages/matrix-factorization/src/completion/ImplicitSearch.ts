/** Choice of rank, confidence and ridge for counts by the ranking of held-out cells, and lists by the chosen model. */
import * as Kernels from "@nonconvex/numerics/Kernels"
import { invalid } from "@nonconvex/numerics/InvalidInput"
import * as Require from "@nonconvex/numerics/Require"
import * as Seed from "@nonconvex/numerics/Seed"
import { fitImplicit, type ImplicitFit, type ImplicitModel } from "./ImplicitFeedback.ts"
import * as Ranking from "./Ranking.ts"
import {
  againstPopularity,
  hide,
  type HiddenCells,
  judged,
  type Lists,
  listsOf,
  type RankingEvidence,
  requireRows,
} from "./Recommendation.ts"
import { compress, type Observations, requireDistinct, requireTable, type Table } from "./Table.ts"

/** Chosen parameters, and their ranking quality on the cells that chose them. */
export interface ImplicitChoice {
  readonly model: ImplicitModel
  /** Mean over rows. */
  readonly ndcg: number
  readonly standardError: number
  /** Number of models compared. */
  readonly candidates: number
}

interface Options {
  /** Length of the lists that are judged; default 10. */
  readonly top?: number
  /** The rank; default by held-out ranking. */
  readonly rank?: number
  readonly seed?: Seed.Seed
  readonly kernels?: Kernels.Kernels
  /** Called after every fit with the current choice. */
  readonly onFit?: (soFar: ImplicitChoice) => void
}

/** Sweeps of a fit. */
const effort = { sweeps: 30, tolerance: 1e-4 }

/** The parameters tried first: the confidence of a mean count, the ridge, and the rank. */
const first = { alpha: 1, penalty: 4, rank: 16 }

/** Factor of a step in confidence and ridge, and in the rank. */
const [step, rankStep] = [4, 2]

/** Models at most, and the range of the ranks. */
const [mostModels, leastRank, mostRank] = [30, 4, 128]

const keys = ["rank", "alpha", "penalty"] as const

/** Relative gain by which another model must be better; one of larger rank by its standard error too. */
const worthwhile = 1e-3

const standardSeed = (): Seed.Seed => Seed.root("chooseImplicit")

/** Throws InvalidInput on an invalid table, on counts that are not positive, and on a length of lists that it does not allow. */
const requireCounts = (operation: string, table: Table, top: number): Observations => {
  requireTable(operation, table)
  for (const value of table.values) Require.positive(operation, "values", value)
  Require.count(operation, "top", top, 1, table.columns)
  const observations = compress(table)
  requireDistinct(operation, observations)
  return observations
}

const largestRank = ({ columns, rows }: Table): number => Math.min(rows, columns)

const scorerOf = (
  { left, model: { rank }, right }: ImplicitFit,
  kernels: Kernels.Kernels,
): Ranking.Scorer =>
  Ranking.scorerOf({ effects: new Float64Array(right.length / rank), left, rank, right }, kernels)

/** Every held-out cell is relevant. */
const gainsOf = ({ held }: HiddenCells): Float64Array =>
  new Float64Array(held.values.length).fill(1)

/** Cells that judge the chosen model, by the seed. */
const judging = (table: Table, seed: Seed.Seed): HiddenCells => hide(table, seed.child("judging"))

/**
 * Chooses rank, confidence and ridge of `fitImplicit` for counts, by the lists that find held-out cells. Cells that
 * `recommendImplicit` judges with the same seed take no part. Throws InvalidInput on counts that are not positive, and where
 * no row has three cells.
 *
 * @example
 * ```ts import.meta.vitest
 * import { chooseImplicit } from "@nonconvex/matrix-factorization"
 *
 * // two groups of rows, each with columns of its own
 * const rowOf = Uint32Array.from({ length: 200 }, (_, k) => Math.floor(k / 5))
 * const columnOf = rowOf.map((row, k) => 10 * (row % 2) + ((k + 3 * row) % 10))
 * const values = new Float64Array(200).fill(1)
 * chooseImplicit({ rows: 40, columns: 20, rowOf, columnOf, values }, { top: 5 }).ndcg > 0.3 // => true
 * ```
 */
export const chooseImplicit = (table: Table, options: Options = {}): ImplicitChoice => {
  const { kernels = Kernels.standard(), onFit, rank: wanted, seed = standardSeed() } = options
  const { top = Math.min(10, table.columns) } = options
  requireCounts("chooseImplicit", table, top)
  const largest = Math.min(mostRank, largestRank(table))
  if (wanted !== undefined) Require.count("chooseImplicit", "rank", wanted, 1, largestRank(table))
  const choosing = hide(judging(table, seed).training, seed.child("choosing"))
  const { held, seen } = choosing
  if (held.values.length === 0) {
    invalid("chooseImplicit", "some row must have at least three cells", { cells: seen.count })
  }
  const gains = gainsOf(choosing)
  const trial = { seen: seen.byRow, held, gains, rows: judged(held, gains), top, amongHeld: false }
  let candidates = 0
  const tried = (model: ImplicitModel) => {
    const fit = fitImplicit(seen, model, effort, seed.child("fit"), kernels)
    candidates++
    return { model, ndcg: Ranking.judge(scorerOf(fit, kernels), table.columns, trial).ndcg }
  }
  let best = tried({
    rank: wanted ?? Math.min(first.rank, largest),
    alpha: first.alpha / Ranking.meanOf(table.values).mean,
    penalty: first.penalty,
  })
  const choice = (): ImplicitChoice => {
    const { mean, standardError } = Ranking.meanOf(best.ndcg)
    return { model: best.model, ndcg: mean, standardError, candidates }
  }
  onFit?.(choice())
  const moves: ReadonlyArray<(model: ImplicitModel, up: boolean) => ImplicitModel> = [
    (model, up) => ({ ...model, penalty: up ? model.penalty * step : model.penalty / step }),
    (model, up) => ({ ...model, alpha: up ? model.alpha * step : model.alpha / step }),
    (model, up) => {
      const rank = up ? model.rank * rankStep : Math.ceil(model.rank / rankStep)
      const kept = Math.min(largest, Math.max(Math.min(leastRank, largest), rank))
      return { ...model, rank: wanted ?? kept }
    },
  ]
  /** Takes steps while they gain; true if the first one did. */
  const walks = (move: (typeof moves)[number], up: boolean): boolean => {
    for (let gained = false; ; gained = true) {
      const model = move(best.model, up)
      const isOther = keys.some((key) => model[key] !== best.model[key])
      if (candidates >= mostModels || !isOther) return gained
      const other = tried(model)
      const gain = Ranking.meanOf(other.ndcg.map((value, k) => value - best.ndcg[k]!))
      const noise = model.rank > best.model.rank ? gain.standardError : 0
      const isBetter = gain.mean > Math.max(noise, worthwhile * Ranking.meanOf(best.ndcg).mean)
      if (isBetter) best = other
      onFit?.(choice())
      if (!isBetter) return gained
    }
  }
  while (moves.map((move) => walks(move, true) || walks(move, false)).includes(true)) continue
  return choice()
}

/** Lists of counted columns, and how good they are. */
export interface CountedLists {
  readonly fit: ImplicitFit
  readonly lists: Lists
  /** Held-out cells found among all columns; absent where no row has two cells. */
  readonly found?: RankingEvidence
}

/**
 * Fits counts (Hu, Koren and Volinsky 2008, as recalled), and lists the `top` columns that some rows prefer, without their
 * observed cells. The same model, fitted without a fifth of the cells of each row, is judged on these beside the most popular
 * columns. Throws InvalidInput on counts that are not positive, and on a rank above the smaller side of the table.
 *
 * @example
 * ```ts import.meta.vitest
 * import { recommendImplicit } from "@nonconvex/matrix-factorization"
 *
 * const table = {
 *   rows: 3,
 *   columns: 3,
 *   rowOf: Uint32Array.of(0, 0, 1, 1, 2),
 *   columnOf: Uint32Array.of(0, 1, 0, 1, 0),
 *   values: Float64Array.of(1, 1, 1, 1, 1),
 * }
 * const model = { rank: 1, alpha: 4, penalty: 0.1 }
 * const { lists } = recommendImplicit(table, model, { top: 1, rows: Uint32Array.of(2) })
 * Array.from(lists.columnOf) // => [1]
 * ```
 */
export const recommendImplicit = (
  table: Table,
  model: ImplicitModel,
  {
    kernels = Kernels.standard(),
    rows,
    seed = standardSeed(),
    top,
  }: Omit<Options, "onFit" | "rank"> & { readonly rows: Uint32Array; readonly top: number },
): CountedLists => {
  const whole = requireCounts("recommendImplicit", table, top)
  requireRows("recommendImplicit", rows, table)
  Require.count("recommendImplicit", "rank", model.rank, 1, largestRank(table))
  Require.positive("recommendImplicit", "alpha", model.alpha)
  Require.positive("recommendImplicit", "penalty", model.penalty)
  const fitted = (observations: Observations) =>
    fitImplicit(observations, model, effort, seed.child("fit"), kernels)
  const fit = fitted(whole)
  const lists = listsOf(scorerOf(fit, kernels), (_, score) => score, whole, rows, top)
  const hidden = judging(table, seed)
  const found =
    hidden.held.values.length === 0
      ? undefined
      : againstPopularity(scorerOf(fitted(hidden.seen), kernels), hidden, gainsOf(hidden), top)
  return { fit, lists, ...(found && { found }) }
}

/** Largest value of a scale of ratings: of counts some are larger. */
const longestScale = 10

/**
 * Tests whether values look like counts rather than ratings: positive integers, 1 the most frequent of them, and either
 * nothing but 1 or some above 10.
 *
 * @internal
 */
export const areCounts = (values: Float64Array): boolean => {
  const frequency = new Map<number, number>()
  let largest = 0
  for (const value of values) {
    if (!(Number.isInteger(value) && value > 0)) return false
    frequency.set(value, (frequency.get(value) ?? 0) + 1)
    largest = Math.max(largest, value)
  }
  const ofOne = frequency.get(1) ?? 0
  const isLong = largest > longestScale || ofOne === values.length
  return isLong && [...frequency.values()].every((count) => count <= ofOne)
}
