/**
 * Private number of rows: the sum of a column of ones, released together with the same rows.
 *
 * One row more or less changes that sum by 1, and a person with k rows by k. It is released by the mechanism for a sum in
 * one dimension with bound 1, in the same exact arithmetic. Two Gaussian releases are equivalent to one with the sum of
 * their mu^2, which is the cost.
 */
import * as Elementary from "@nonconvex/numerics/Elementary"
import { invalid } from "@nonconvex/numerics/InvalidInput"
import * as Kernels from "@nonconvex/numerics/Kernels"
import * as Require from "@nonconvex/numerics/Require"
import * as GaussianPrivacy from "../privacy/GaussianPrivacy.ts"
import * as Mechanism from "../noise/GaussianMechanism.ts"
import * as Public from "../privacy/Public.ts"
import type { Target } from "../privacy/Target.ts"
import * as GridPlan from "../release/GridPlan.ts"
import { idealDelta } from "../release/GridPrice.ts"
import { PrivateScatter } from "../release/PrivateScatter.ts"
import type { Draft, NoisyScatter } from "../release/Release.ts"

const one = Public.bound(1)

/** Rows that are added at once. */
const block = 65_536

/**
 * The plan of a count of the same rows and people as a release. Throws InvalidInput where neighbours differ by a replaced row, which changes no
 * count: there it is public.
 */
export const plan = (target: Target, beside: Mechanism.Mechanism): GridPlan.GridPlan => {
  const { neighbours, rowsPerPerson } = beside
  if (neighbours === "replace") {
    invalid(
      "PrivateCount.plan",
      "when rows are replaced, their number is public and costs no budget",
      {},
    )
  }
  return GridPlan.make(Mechanism.isotropic({ ...target, neighbours, rowsPerPerson, bound: one }), 1)
}

/**
 * The sum of `count` ones, secret until it is released.
 *
 * @example
 * ```ts import.meta.vitest
 * import { PrivateCount } from "@nonconvex/dp-lowrank"
 *
 * // what is in it comes out by a release alone
 * JSON.stringify(PrivateCount.scatter(1000)) // => '{"dimension":1,"bound":1}'
 * ```
 */
export const scatter = (
  rows: number,
  kernels: Kernels.Kernels = Kernels.standard(),
): PrivateScatter => {
  Require.count("PrivateCount.scatter", "rows", rows, 0)
  const sum = PrivateScatter.make({ dimension: 1, bound: one, kernels })
  const ones = new Float64Array(block).fill(1)
  for (let left = rows; left > 0; left -= block) {
    sum.add(left < block ? ones.subarray(0, left) : ones)
  }
  return sum
}

/** Composes two plans for the same people at the delta of the first; the total is paid for as one release. */
export const together = (
  first: GridPlan.GridPlan,
  second: GridPlan.GridPlan,
): GridPlan.GridPlan => {
  const mu = GaussianPrivacy.compose([first.privacy.mu, second.privacy.mu]) * (1 + 2 ** -50)
  const excess = first.privacy.excess + second.privacy.excess
  const { delta } = first.privacy
  return {
    ...first,
    privacy: {
      ...first.privacy,
      mu,
      excess,
      rho: 0.5 * mu * mu * (1 + 2 ** -50),
      epsilon: GaussianPrivacy.epsilon(mu, idealDelta(delta, excess)) + 2 * excess,
    },
  }
}

/** A draft with the cost of a count added: both are paid for as one. */
export const beside = ({ noisy, plan: own }: Draft, count: Draft): Draft => {
  const both = together(own, count.plan)
  return { plan: both, noisy: { ...noisy, privacy: both.privacy } }
}

/** A private count, with the interval that contains the exact count with probability 1 - failure. */
interface PrivateCount {
  /** Noisy count, rounded to an integer; it may be below 0. */
  readonly estimate: number
  readonly lower: number
  readonly upper: number
}

/**
 * Estimates the number of rows from a released sum of ones. The noise is sub-Gaussian, and exceeds `scale` sqrt(2 ln(2 /
 * failure)) with probability at most `failure`. Throws InvalidInput on a failure outside of (0, 1).
 *
 * @example
 * ```ts import.meta.vitest
 * import { PrivateCount } from "@nonconvex/dp-lowrank"
 *
 * // 10 sqrt(2 ln(2 / 0.05)) is 27.2
 * const sum = { matrix: Float64Array.of(1000.4), diagonalScale: 10, grid: 0.01 }
 * PrivateCount.read(sum, 0.05) // => { estimate: 1000, lower: 974, upper: 1027 }
 * ```
 */
export const read = (
  { diagonalScale, grid, matrix }: Pick<NoisyScatter, "diagonalScale" | "grid" | "matrix">,
  failure: number,
): PrivateCount => {
  Require.fraction("PrivateCount.read", "failure", failure)
  Require.vector("PrivateCount.read", "matrix", matrix, 1)
  Require.nonNegative("PrivateCount.read", "diagonalScale", diagonalScale)
  Require.nonNegative("PrivateCount.read", "grid", grid)
  const found = matrix[0]!
  const error = diagonalScale * Math.sqrt(2 * Elementary.log(2 / failure)) + grid
  return {
    estimate: Math.round(found),
    lower: Math.max(0, Math.ceil(found - error)),
    upper: Math.max(0, Math.floor(found + error)),
  }
}
