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
  type Lists,
  listsOf,
  type RankingEvidence,
} from "./Recommendation.ts"
import { compress, requireDistinct, requireTable, type Table } from "./Table.ts"

/** Chosen parameters, and their ranking quality on the cells that chose them. */
export interface ImplicitChoice {
  readonly model: ImplicitModel
  readonly ndcg: number
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
const effort = { sweeps: 30, tolerance: 1e-3 }

/** The parameters tried first: the confidence of a mean count, the ridge, and the rank. */
const first = { alpha: 4, penalty: 4, rank: 16 }

/** Factor of a step in confidence and ridge, and in the rank. */
const [step, doubling] = [4, 2]

/** Models at most, and the range of the ranks. */
const [mostModels, leastRank, mostRank] = [30, 4, 128]

/** Relative gain by which another model must be better: more for a larger rank, which costs time. */
const [worthwhile, worthARank] = [1e-3, 0.01]

const standardSeed = (): Seed.Seed => Seed.root("chooseImplicit")

/** Throws InvalidInput on an invalid table, and on counts that are not positive. */
const requireCounts = (operation: string, table: Table): void => {
  requireTable(operation, table)
  table.values.forEach((value) => Require.positive(operation, "values", value))
}

const scorerOf = (
  { left, model: { rank }, right }: ImplicitFit,
  kernels: Kernels.Kernels,
): Ranking.Scorer =>
  Ranking.scorerOf({ effects: new Float64Array(right.length / rank), left, rank, right }, kernels)

const ones = ({ held }: HiddenCells): Float64Array => new Float64Array(held.values.length).fill(1)

/** Cells whose ranking chooses the model, and others that judge it, both by the same seed. */
const partsOf = (table: Table, seed: Seed.Seed) => {
  const judging = hide(table, seed.child("judging"))
  return { judging, choosing: hide(judging.training, seed.child("choosing")) }
}

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
  const { kernels = Kernels.standard(), onFit, rank: wanted } = options
  const { seed = standardSeed(), top = 10 } = options
  requireCounts("chooseImplicit", table)
  requireDistinct("chooseImplicit", compress(table))
  const { choosing } = partsOf(table, seed)
  const { seen } = choosing
  if (choosing.held.values.length === 0) {
    invalid("chooseImplicit", "some row must have at least three cells", { cells: seen.count })
  }
  const gains = ones(choosing)
  const mean = Ranking.meanOf(table.values).mean
  const largest = Math.min(table.rows, table.columns)
  let candidates = 0
  const tried = (model: ImplicitModel): ImplicitChoice => {
    const fit = fitImplicit(seen, model, effort, seed.child("fit"), kernels)
    const evidence = againstPopularity(scorerOf(fit, kernels), choosing, gains, top)!
    return { model, ndcg: evidence.ndcg.model.mean, candidates: ++candidates }
  }
  const rank = Math.min(wanted ?? first.rank, largest)
  let best = tried({ rank, alpha: first.alpha / mean, penalty: first.penalty })
  onFit?.(best)
  const moves: ReadonlyArray<(model: ImplicitModel, times: number) => ImplicitModel> = [
    (model, times) => ({ ...model, penalty: model.penalty * step ** times }),
    (model, times) => ({ ...model, alpha: model.alpha * step ** times }),
    ...(wanted === undefined
      ? [
          (model: ImplicitModel, times: number) => ({
            ...model,
            rank: Math.min(largest, mostRank, Math.max(leastRank, model.rank * doubling ** times)),
          }),
        ]
      : []),
  ]
  /** Steps while they gain; true if the first one did. */
  const walks = (move: (typeof moves)[number], times: number): boolean => {
    for (let count = 0; ; count++) {
      const model = move(best.model, times)
      if (candidates >= mostModels || model.rank > largest) return count > 0
      const isRank = model.rank !== best.model.rank
      if (!isRank && model.alpha === best.model.alpha && model.penalty === best.model.penalty) {
        return count > 0
      }
      const other = tried(model)
      const needed = model.rank > best.model.rank ? worthARank : worthwhile
      if (other.ndcg > best.ndcg * (1 + needed)) best = other
      onFit?.({ ...best, candidates })
      if (best !== other) return count > 0
    }
  }
  while (moves.map((move) => walks(move, 1) || walks(move, -1)).includes(true)) continue
  return { ...best, candidates }
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
  requireCounts("recommendImplicit", table)
  Require.count("recommendImplicit", "top", top)
  Require.count("recommendImplicit", "rank", model.rank)
  Require.positive("recommendImplicit", "alpha", model.alpha)
  Require.positive("recommendImplicit", "penalty", model.penalty)
  const largest = Math.min(table.rows, table.columns)
  if (model.rank > largest) {
    invalid("recommendImplicit", "the rank may be at most the smaller side of the table", {
      rank: model.rank,
      largest,
    })
  }
  const whole = compress(table)
  requireDistinct("recommendImplicit", whole)
  const fitted = (observations: typeof whole) =>
    fitImplicit(observations, model, effort, seed.child("fit"), kernels)
  const fit = fitted(whole)
  const lists = listsOf(scorerOf(fit, kernels), (_, score) => score, whole, rows, top)
  const { judging } = partsOf(table, seed)
  const found =
    judging.held.values.length === 0
      ? undefined
      : againstPopularity(scorerOf(fitted(judging.seen), kernels), judging, ones(judging), top)
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
