/**
 * Gaussian mechanisms for a scatter matrix: the type of noise, its scale, and the privacy that it delivers.
 *
 * All add Gaussian noise to the upper triangle, so one number determines their privacy exactly: mu = sensitivity / scale.
 * The imaginary part of the complex ones is independent of the data: it does not change the privacy, and is added
 * afterwards.
 */
import * as Require from "@nonconvex/numerics/Require"
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
  /** Maximum number of rows of one person; the guarantee covers all of them together. */
  readonly rowsPerPerson: number
  readonly bound: Bound
  readonly target: Target
  /**
   * Coordinates of the upper triangle in which the noise is independent with standard deviation `scale`: `"isometric"` is
   * (S_ii, sqrt 2 S_ij), `"upper triangle"` is (S_ii, S_ij).
   */
  readonly coordinates: "isometric" | "upper triangle"
  /** True if the mechanism has the paper's imaginary part. */
  readonly isComplex: boolean
  /** True if the scale is the smallest that meets the target; false if it is the one printed in a paper. */
  readonly isCalibrated: boolean
  /** The largest distance of data sets that differ by one person, in these coordinates. */
  readonly sensitivity: number
  readonly scale: number
}

/** Requested privacy, neighbouring relation, and norm of the rows. */
interface Options extends Target {
  readonly neighbours: Neighbours
  /** Maximum number of rows of one person, a public number; the default 1 protects a row, not a person. */
  readonly rowsPerPerson?: number | undefined
  readonly bound: Bound
}

/**
 * The mechanisms; those as printed use T = 2 ln(1.25 / delta) / epsilon^2:
 *
 * - `isotropic`: real noise, E_ii ~ N(0, s^2) and E_ij ~ N(0, s^2 / 2), calibrated exactly. The recommended one: its
 *   distribution is invariant under rotations, so the privacy of a pair depends only on its distance.
 * - `complex`: the paper's noise at the scale that the target needs: privacy and error of `isotropic`, plus an imaginary
 *   part.
 * - `upper-triangle`: equal variances on the upper triangle, calibrated exactly: more noise off the diagonal than necessary.
 * - `complex-as-printed`: Algorithm 1 of Mangoubi and Vishnoi 2023, sqrt(T) ((W1 + i W2) + (W1 + i W2)^*). It delivers more
 *   privacy than requested, at 1.77 times the error: see `deliveredEpsilon`.
 * - `real-as-printed`: the mechanism analysed by Mangoubi and Vishnoi 2022, sqrt(T) (W + W^T) (as recalled).
 * - `upper-triangle-as-printed`: Dwork, Talwar, Thakurta, Zhang 2014, variance T on the upper triangle (as recalled), meant
 *   for one row more or less. Under replacement, and for large epsilon, it does not deliver the promised privacy.
 */
type Name = keyof typeof kinds

/**
 * Mechanism with the given name. A person with k rows changes the sum at most k times as much, and exactly so if the rows
 * are equal. The noise for k rows per person is therefore exactly k times the noise for one. Throws InvalidInput unless 0 <
 * epsilon <= 100 and 1e-300 <= delta < 1, and on rows per person that are not an integer from 1 to 2^24.
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
  Require.positive(`Mechanism.${name}`, "bound", bound)
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

/** Epsilon that the noise delivers at the target's delta, whatever the target's epsilon. */
export const deliveredEpsilon = (mechanism: Mechanism): number =>
  GaussianPrivacy.epsilon(Deviations.mu(mechanism), mechanism.target.delta)
