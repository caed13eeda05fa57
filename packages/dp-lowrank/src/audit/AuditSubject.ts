/** Subject of an audit: a pair of neighbouring data sets, under the idealised noise or under the release itself. */
import * as Kernels from "@nonconvex/numerics/Kernels"
import * as Audit from "./Audit.ts"
import { unsafeStream } from "../noise/UnsafeStream.ts"
import type { GridPlan } from "../release/GridPlan.ts"
import { unsafePerturb } from "../noise/Idealised.ts"
import type { Mechanism } from "../noise/GaussianMechanism.ts"
import { Permit } from "../release/Permit.ts"
import type { Neighbours } from "../privacy/Target.ts"
import { PrivateScatter } from "../release/PrivateScatter.ts"
import { type NoisyScatter, release } from "../release/Release.ts"

/** Two data sets that are neighbours. */
export interface Pair {
  readonly dimension: number
  /** The rows of each, row-major. */
  readonly rows: readonly [Float64Array, Float64Array]
  /** sum x x^T of each, in floating point and not clipped. */
  readonly matrices: readonly [Float64Array, Float64Array]
  /** The second matrix minus the first. */
  readonly difference: Float64Array
}

/** sum x x^T of the rows, without clipping, exact sums or noise: for audits and experiments, never for a release. */
export const scatterOf = (rows: Float64Array, d: number): Float64Array => {
  const out = new Float64Array(d * d)
  for (let from = 0; from < rows.length; from += d) {
    for (let i = 0; i < d; i++) {
      const x = rows[from + i]!
      if (x === 0) continue
      for (let j = 0; j < d; j++) out[i * d + j]! += x * rows[from + j]!
    }
  }
  return out
}

/** The pair of two data sets, each its rows, row-major, of `dimension` numbers. */
export const pairOf = (dimension: number, rows: readonly [Float64Array, Float64Array]): Pair => {
  const [first, second] = [scatterOf(rows[0], dimension), scatterOf(rows[1], dimension)]
  const difference = second.map((x, i) => x - first[i]!)
  return { dimension, rows, matrices: [first, second], difference }
}

/** Pair at the largest distance: a row of the given norm along the first axis, and either one along the second axis or none. */
export const worstPair = (dimension: number, neighbours: Neighbours, norm: number): Pair => {
  const along = (axis: number) =>
    Float64Array.from({ length: dimension }, (_, i) => (i === axis ? norm : 0))
  return pairOf(dimension, [along(0), neighbours === "replace" ? along(1) : new Float64Array()])
}

/**
 * Optimal statistic in units of the noise, whose square overflows or underflows float64 if the bound on the rows is 1e-90 or
 * 1e90.
 */
const inUnits = (
  { difference }: Pair,
  { scale }: Mechanism,
): ((matrix: Float64Array) => number) => {
  const along = Audit.along(difference)
  return (matrix) => along(matrix) / scale
}

/** Options for the noise that a mechanism promises, and the kernels. */
export interface Options {
  /** Share of the noise that is drawn; default 1. Below 1 the mechanism is known not to be private. */
  readonly noise?: number
  readonly kernels?: Kernels.Kernels
}

/** The idealised noise of the theory, in floating point: no clipping, no grid, no integers. */
export const idealised = (
  pair: Pair,
  mechanism: Mechanism,
  { kernels = Kernels.standard(), noise = 1 }: Options = {},
): Audit.Subject<Float64Array, Float64Array> => {
  const drawn = { ...mechanism, scale: noise * mechanism.scale }
  return {
    mechanism: (matrix, stream) =>
      unsafePerturb(matrix, pair.dimension, drawn, stream, kernels).matrix,
    pair: pair.matrices,
    statistic: inUnits(pair, drawn),
  }
}

/**
 * The actual release: rows are clipped, rounded and summed, and each sample is one `release` of the sum. Only the random
 * words of the sampler come from the seed of the audit. Throws InvalidInput on rows that PrivateScatter rejects.
 */
export const released = (
  pair: Pair,
  plan: GridPlan,
  { kernels = Kernels.standard(), noise = 1 }: Options = {},
): Audit.Subject<PrivateScatter, NoisyScatter> => {
  const { dimension, rows } = pair
  const statistic = inUnits(pair, plan.mechanism)
  const drawn = {
    ...plan,
    diagonalSteps: Math.ceil(noise * plan.diagonalSteps),
    offDiagonalSteps: Math.ceil(noise * plan.offDiagonalSteps),
  }
  const summed = (values: Float64Array): PrivateScatter => {
    const scatter = PrivateScatter.make({ dimension, bound: plan.mechanism.bound, kernels })
    scatter.add(values)
    return scatter
  }
  return {
    mechanism: (scatter, stream) => {
      const source = unsafeStream("the seed of an audit", stream)
      return release(scatter, Permit.withoutLedger(drawn), source)
    },
    pair: [summed(rows[0]), summed(rows[1])],
    statistic: ({ matrix }) => statistic(matrix),
  }
}
