/**
 * Gaussian mechanisms for a scatter matrix: which noise, how much of it, and the privacy that it really gives.
 *
 * All are Gaussian noise on the upper triangle, so their privacy is exactly that of one number, mu = sensitivity / scale. The imaginary
 * part of the complex ones is independent of the data: it neither costs nor buys privacy, and is added afterwards.
 */
import * as ClassicalGaussian from "../privacy/ClassicalGaussian.ts"
import * as GaussianPrivacy from "../privacy/GaussianPrivacy.ts"
import { type Neighbours, requireTarget, type Target } from "../privacy/Target.ts"
import type { Bound } from "../privacy/Public.ts"
import * as Sensitivity from "../theory/Sensitivity.ts"

/** Which noise, how much of it, and between which data sets it protects. */
export interface Mechanism {
  readonly name: string
  readonly neighbours: Neighbours
  readonly bound: Bound
  readonly target: Target
  /**
   * In which coordinates of the upper triangle the noise is independent with standard deviation `scale`: `"isometric"` is (S_ii,
   * sqrt 2 S_ij), `"upper triangle"` is (S_ii, S_ij).
   */
  readonly coordinates: "isometric" | "upper triangle"
  /** Whether the paper's imaginary part belongs to it. */
  readonly isComplex: boolean
  /** Whether the scale is the smallest that meets the target; else it is what a paper prints. */
  readonly isCalibrated: boolean
  /** The largest distance of neighbours in these coordinates. */
  readonly sensitivity: number
  readonly scale: number
}

/** The privacy that is asked for, between which neighbours, for rows of which norm. */
export interface Options extends Target {
  readonly neighbours: Neighbours
  readonly bound: Bound
}

/** The largest distance of plain upper triangles is the Frobenius one: both are attained by coordinate vectors. */
const sensitivityOf = ({ bound, neighbours }: Options): number =>
  Sensitivity.frobeniusSensitivity(neighbours, bound)

const calibrated = (
  name: string,
  options: Options,
  parts: Pick<Mechanism, "coordinates" | "isComplex">,
): Mechanism => {
  const { bound, delta, epsilon, neighbours } = options
  const target = { epsilon, delta }
  const sensitivity = sensitivityOf(options)
  const scale = sensitivity * GaussianPrivacy.noiseMultiplier(target)
  return { name, neighbours, bound, target, sensitivity, scale, isCalibrated: true, ...parts }
}

const printed = (
  name: string,
  options: Options,
  multiple: number,
  parts: Pick<Mechanism, "coordinates" | "isComplex">,
): Mechanism => {
  const { bound, delta, epsilon, neighbours } = options
  const target = { epsilon, delta }
  requireTarget(`Mechanism.${name}`, target)
  const scale = multiple * Math.sqrt(ClassicalGaussian.printedVariance(target)) * bound * bound
  const sensitivity = sensitivityOf(options)
  return { name, neighbours, bound, target, sensitivity, scale, isCalibrated: false, ...parts }
}

/**
 * Real isotropic noise, E_ii ~ N(0, s^2) and E_ij ~ N(0, s^2 / 2), calibrated exactly: the one to take. Its law does not change under
 * rotations, and every pair of neighbours is as far apart as it seems. Throws InvalidInput unless 0 < epsilon <= 100 and 1e-300 <= delta
 * < 1, as all of them.
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
export const isotropic = (options: Options): Mechanism =>
  calibrated("isotropic", options, { coordinates: "isometric", isComplex: false })

/** The paper's complex noise at the scale that the target needs: the privacy and the error of `isotropic`, and an imaginary part. */
export const complexCalibrated = (options: Options): Mechanism =>
  calibrated("complex", options, { coordinates: "isometric", isComplex: true })

/** Independent noise of one variance on the upper triangle, calibrated exactly: more noise off the diagonal than is needed. */
export const upperTriangle = (options: Options): Mechanism =>
  calibrated("upper-triangle", options, { coordinates: "upper triangle", isComplex: false })

/**
 * Algorithm 1 of Mangoubi and Vishnoi 2023 as printed: sqrt(T) ((W1 + i W2) + (W1 + i W2)^*), T = 2 ln(1.25 / delta) / epsilon^2.
 *
 * It gives more privacy than it is asked for, at 1.77 times the error: see `deliveredEpsilon`.
 */
export const complexAsPrinted = (options: Options): Mechanism =>
  printed("complex-as-printed", options, 2, { coordinates: "isometric", isComplex: true })

/** The real mechanism that Mangoubi and Vishnoi 2022 analyse, sqrt(T) (W + W^T) with the same T (as recalled). */
export const realAsPrinted = (options: Options): Mechanism =>
  printed("real-as-printed", options, 2, { coordinates: "isometric", isComplex: false })

/**
 * The mechanism of Dwork, Talwar, Thakurta, Zhang 2014: variance T on the upper triangle (as recalled), meant for one row more or less.
 *
 * Under replacement, and for large epsilon, it does not give what it promises: see `deliveredEpsilon`.
 */
export const upperTriangleAsPrinted = (options: Options): Mechanism =>
  printed("upper-triangle-as-printed", options, 1, {
    coordinates: "upper triangle",
    isComplex: false,
  })

/** Sensitivity over scale: all that the privacy depends on. */
export const mu = ({ scale, sensitivity }: Mechanism): number => sensitivity / scale

/** The epsilon that the noise gives at the delta of its target, whatever was asked for. */
export const deliveredEpsilon = (mechanism: Mechanism): number =>
  GaussianPrivacy.epsilon(mu(mechanism), mechanism.target.delta)

/** Every mechanism by its name, for command lines and tables. */
export const byName = {
  isotropic,
  complex: complexCalibrated,
  "upper-triangle": upperTriangle,
  "complex-as-printed": complexAsPrinted,
  "real-as-printed": realAsPrinted,
  "upper-triangle-as-printed": upperTriangleAsPrinted,
} as const
