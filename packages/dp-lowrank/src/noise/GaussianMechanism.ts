/**
 * Gaussian mechanisms for a scatter matrix: which noise, how much of it, and the privacy that it really gives.
 *
 * All are Gaussian noise on the upper triangle, so one number gives their privacy exactly, mu = sensitivity / scale. The imaginary part of
 * the complex ones is independent of the data: it neither costs nor buys privacy, and is added afterwards.
 */
import * as ClassicalGaussian from "../privacy/ClassicalGaussian.ts"
import * as GaussianPrivacy from "../privacy/GaussianPrivacy.ts"
import {
  type Neighbours,
  requireRowsPerPerson,
  requireTarget,
  type Target,
} from "../privacy/Target.ts"
import type { Bound } from "../privacy/Public.ts"
import * as Sensitivity from "../theory/Sensitivity.ts"
import * as Deviations from "./Deviations.ts"
import { kinds } from "./Kinds.ts"

/** Mechanism: the kind of noise, its scale, and the neighbouring relation that it protects. */
export interface Mechanism {
  readonly name: Name
  readonly neighbours: Neighbours
  /** Rows that one person may have: the guarantee is for all of them together. */
  readonly rowsPerPerson: number
  readonly bound: Bound
  readonly target: Target
  /**
   * In which coordinates of the upper triangle the noise is independent with standard deviation `scale`: `"isometric"` is (S_ii,
   * sqrt 2 S_ij), `"upper triangle"` is (S_ii, S_ij).
   */
  readonly coordinates: "isometric" | "upper triangle"
  /** True if the mechanism has the paper's imaginary part. */
  readonly isComplex: boolean
  /** True if the scale is the smallest that meets the target; else it is the one that a paper prints. */
  readonly isCalibrated: boolean
  /** The largest distance of data sets that differ by one person, in these coordinates. */
  readonly sensitivity: number
  readonly scale: number
}

/** The privacy that is asked for, between which neighbours, for rows of which norm. */
interface Options extends Target {
  readonly neighbours: Neighbours
  /** Rows that one person has at most, a public number; default 1: a row is protected, not a person. */
  readonly rowsPerPerson?: number | undefined
  readonly bound: Bound
}

/**
 * The mechanisms, T = 2 ln(1.25 / delta) / epsilon^2 where one is as printed:
 *
 * - `isotropic`: real noise, E_ii ~ N(0, s^2) and E_ij ~ N(0, s^2 / 2), calibrated exactly. The one to take: its law does not change
 *   under rotations, and every pair of neighbours is as far apart as it seems.
 * - `complex`: the paper's noise at the scale that the target needs: the privacy and the error of `isotropic`, and an imaginary part.
 * - `upper-triangle`: one variance on the upper triangle, calibrated exactly: more noise off the diagonal than is needed.
 * - `complex-as-printed`: Algorithm 1 of Mangoubi and Vishnoi 2023, sqrt(T) ((W1 + i W2) + (W1 + i W2)^*). It gives more privacy than it
 *   is asked for, at 1.77 times the error: see `deliveredEpsilon`.
 * - `real-as-printed`: what Mangoubi and Vishnoi 2022 analyse, sqrt(T) (W + W^T) (as recalled).
 * - `upper-triangle-as-printed`: Dwork, Talwar, Thakurta, Zhang 2014, variance T on the upper triangle (as recalled), meant for one row
 *   more or less. Under replacement, and for large epsilon, it does not give what it promises.
 */
type Name = keyof typeof kinds

/**
 * The mechanism of a name. A person with k rows changes the sum at most k times as much, and exactly so if the rows are equal. The noise
 * for k rows per person is therefore exactly k times the noise for one. Throws InvalidInput unless 0 < epsilon <= 100 and 1e-300 <= delta <
 * 1, and on rows per person that are no integer from 1 to 2^24.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Mechanism, Public } from "@nonconvex/dp-lowrank"
 *
 * const options = { epsilon: 1, delta: 1e-6, neighbours: "replace", bound: Public.bound(1) } as const
 * const { scale, sensitivity } = Mechanism.named("complex", options)
 * sensitivity // => Math.SQRT2
 * scale // ≈ 5.975
 * ```
 */
export const named = (
  name: Name,
  { bound, delta, epsilon, neighbours, ...more }: Options,
): Mechanism => {
  const { coordinates, isComplex, printed } = kinds[name]
  const target = { epsilon, delta }
  requireTarget(`Mechanism.${name}`, target)
  // that of plain upper triangles is the Frobenius one: both are attained by coordinate vectors
  const rowsPerPerson = requireRowsPerPerson(`Mechanism.${name}`, more.rowsPerPerson)
  const sensitivity = rowsPerPerson * Sensitivity.frobeniusSensitivity(neighbours, bound)
  return {
    name,
    neighbours,
    rowsPerPerson,
    bound,
    target,
    coordinates,
    isComplex,
    isCalibrated: printed === undefined,
    sensitivity,
    scale:
      printed === undefined
        ? sensitivity * GaussianPrivacy.noiseMultiplier(target)
        : printed * Math.sqrt(ClassicalGaussian.printedVariance(target)) * bound * bound,
  }
}

/**
 * The mechanism with the smallest error: real isotropic noise, calibrated exactly. Throws as `named`.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Mechanism, Public } from "@nonconvex/dp-lowrank"
 *
 * const bound = Public.bound(1)
 * const mechanism = Mechanism.isotropic({ epsilon: 1, delta: 1e-6, neighbours: "replace", bound })
 * mechanism.scale.toFixed(3) // => "5.975"
 * ```
 */
export const isotropic = (options: Options): Mechanism => named("isotropic", options)

/** The epsilon that the noise gives at the delta of its target, whatever was asked for. */
export const deliveredEpsilon = (mechanism: Mechanism): number =>
  GaussianPrivacy.epsilon(Deviations.mu(mechanism), mechanism.target.delta)
