/** One fitted model of a table: the overall mean, column means, effects, or effects plus a low-rank product. */
import type * as Kernels from "@nonconvex/numerics/Kernels"
import type * as Seed from "@nonconvex/numerics/Seed"
import * as SymmetricEigen from "@nonconvex/numerics/SymmetricEigen"
import * as Vector from "@nonconvex/numerics/Vector"
import * as Matrix from "../internal/Matrix.ts"
import * as AlternatingLeastSquares from "./AlternatingLeastSquares.ts"
import * as DualityGap from "./DualityGap.ts"
import { type Centred, columnMeans, isLowRank, type Model, weightsOf } from "./Models.ts"
import { effectsOf } from "./Ridge.ts"
import { approach, rough } from "./Search.ts"
import type { Observations, Table } from "./Table.ts"

/** A fitted model, with a proved bound on its distance from the optimum. */
export interface Fit {
  readonly model: Model
  /** The mean of all observations, to which effects and product are added. */
  readonly mean: number
  readonly rowEffects: Float64Array
  readonly columnEffects: Float64Array
  /** Rank of the product. */
  readonly rank: number
  /** rows x rank and columns x rank, row-major: the product is `left right'`. */
  readonly left: Float64Array
  readonly right: Float64Array
  /** Singular values of the product, descending. */
  readonly singularValues: Float64Array
  /** Penalised norm: the sum of the singular values of the product, or of the weighted product. */
  readonly traceNorm: number
  /** Relative gap between the objective and a lower bound over all ranks with this penalty. */
  readonly relativeGap: number
  /**
   * "certified": the gap is within the tolerance. "limited": the rank of the model is below the rank that its penalty allows, and
   * the gap is the cost. "budget": the iterations ran out.
   */
  readonly status: "certified" | "limited" | "budget"
  /** Power of two of about the size of the values; in these units the penalty of a row's factors is `model.penalty / unit`. */
  readonly unit: number
  /** The mean over the rows. */
  readonly observationsPerRow: number
  /** Least and largest value of a table that has few different ones, such as ratings: predictions stay between them. */
  readonly bounds?: readonly [least: number, largest: number]
}

/** Predicted value of an entry. Rows and columns without observations have effect 0. */
export const predict = (fit: Fit, row: number, column: number): number => {
  const { bounds, columnEffects, left, mean, rank, right, rowEffects } = fit
  let value = mean + (rowEffects[row] ?? 0) + (columnEffects[column] ?? 0)
  if (row < rowEffects.length && column < columnEffects.length) {
    for (let a = 0; a < rank; a++) value += left[row * rank + a]! * right[column * rank + a]!
  }
  return bounded(bounds, value)
}

/** A value clamped to the bounds of the scale, if any. */
export const bounded = (bounds: Fit["bounds"], value: number): number =>
  bounds === undefined ? value : Math.min(bounds[1], Math.max(bounds[0], value))

/** Root mean square error of predictions at the entries of a table. */
export const errorAt = (
  value: (row: number, column: number) => number,
  { columnOf, rowOf, values }: Table,
): number => {
  const given = new Float64Array(values.length)
  for (let i = 0; i < given.length; i++) given[i] = value(rowOf[i]!, columnOf[i]!)
  return Vector.distance(values, given) / Math.sqrt(values.length)
}

/** Factors and effects of one side. */
const parts = (side: Float64Array, rank: number) => {
  const count = side.length / (rank + 1)
  const factors = new Float64Array(count * rank)
  const effects = new Float64Array(count)
  for (let k = 0, from = 0; k < count; k++) {
    for (let a = 0; a < rank; a++) factors[k * rank + a] = side[from++]!
    effects[k] = side[from++]!
  }
  return { factors, effects }
}

/** Singular values of `left right'`, descending, from the small Gram matrices of the two. */
const singularValuesOf = (
  left: Float64Array,
  right: Float64Array,
  rank: number,
  kernels: Kernels.Kernels,
): Float64Array => {
  if (rank === 0) return new Float64Array(0)
  const gram = (side: Float64Array) => {
    const out = new Float64Array(rank * rank)
    kernels.syrk(true, rank, side.length / rank, 1, side, 0, out)
    return out
  }
  const root = Matrix.squareRoot(gram(left), rank, kernels)
  const between = Matrix.sandwich(root, gram(right), root, rank, rank, kernels)
  return SymmetricEigen.eigenvalues(between, rank, kernels)
    .toReversed()
    .map((value) => Math.sqrt(Math.max(0, value)))
}

/** Maximum sweeps of the final fit, and the gap and gain per sweep at which it ends. */
const thorough = { tolerance: 1e-6, sweeps: 40 }
const enough = 1e-4
const looks = 6

/** The factors of a model, and how far they are from the best of their problem. */
const factorsOf = (
  observations: Observations,
  model: Model,
  weights: AlternatingLeastSquares.Penalties["weights"],
  seed: Seed.Seed,
  kernels: Kernels.Kernels,
) => {
  const { kind, penalty, rank, ridge } = model
  const nothing = AlternatingLeastSquares.nothing(observations)
  const exact: DualityGap.Gap = { relative: 0, norm: 0 }
  if (kind === "mean") return { factors: nothing, gap: exact }
  if (kind === "column means") {
    return { factors: { ...nothing, columns: columnMeans(observations) }, gap: exact }
  }
  const factors = effectsOf(observations, ridge, nothing, 1e-10)
  const gapAt = () =>
    DualityGap.at(observations, factors, { ridge, penalty, weights }, seed, kernels)
  if (!isLowRank(model)) return { factors, gap: gapAt() }
  const improved = (times: number, effort: AlternatingLeastSquares.Effort) =>
    AlternatingLeastSquares.improve(
      observations,
      factors,
      { ridge, penalty: times * penalty, weights },
      rank,
      effort,
      seed.child("grow"),
      kernels,
    )
  for (const times of approach) improved(times, rough)
  for (let look = 1; ; look++) {
    const isDone = improved(1, thorough)
    const gap = gapAt()
    if (isDone || gap.relative <= enough || look === looks) return { factors, gap }
  }
}

/** Fits one model to a centred table whose values are of order 1, within bounds if it has a rating scale. */
export const fitModel = (
  { mean, observations }: Centred,
  bounds: Fit["bounds"],
  model: Model,
  seed: Seed.Seed,
  kernels: Kernels.Kernels,
): Fit => {
  const weights = weightsOf(observations, model.weighting, observations.count)
  const { factors, gap } = factorsOf(observations, model, weights, seed, kernels)
  const { rank } = factors
  const [left, right] = [parts(factors.rows, rank), parts(factors.columns, rank)]
  const weighed = (side: Float64Array, of: Float64Array) =>
    side.map((x, at) => x * Math.sqrt(of[Math.floor(at / rank)]!))
  const penalised = singularValuesOf(
    weighed(left.factors, weights[0]),
    weighed(right.factors, weights[1]),
    rank,
    kernels,
  )
  const isLimited = rank === model.rank && gap.norm > model.penalty
  const uncertified = isLimited ? "limited" : "budget"
  return {
    model,
    mean,
    rowEffects: left.effects,
    columnEffects: right.effects,
    rank,
    left: left.factors,
    right: right.factors,
    singularValues: singularValuesOf(left.factors, right.factors, rank, kernels),
    traceNorm: penalised.reduce((sum, value) => sum + value, 0),
    relativeGap: gap.relative,
    status: gap.relative <= enough ? "certified" : uncertified,
    unit: 1,
    observationsPerRow: observations.count / observations.rows,
    ...(bounds !== undefined && { bounds }),
  }
}
