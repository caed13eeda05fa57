/**
 * Plan of a mechanism in integers, from public numbers only: the grid, the noise in grid steps, and the resulting privacy.
 *
 * The matrix is rounded to a grid g, and integer noise is added. Rounding moves each of two neighbours by at most g / 2 per
 * entry. The sensitivity therefore grows by at most g d, however many rows differ. Discrete noise costs a little more than
 * continuous noise: see GridPrice.ts.
 */
import * as Elementary from "@nonconvex/numerics/Elementary"
import { invalid } from "@nonconvex/numerics/InvalidInput"
import { largestMu } from "../privacy/Calibration.ts"
import * as GaussianPrivacy from "../privacy/GaussianPrivacy.ts"
import * as Deviations from "../noise/Deviations.ts"
import * as Mechanism from "../noise/GaussianMechanism.ts"
import {
  type Neighbours,
  requireDimension,
  requireRowsPerPerson,
  requireTarget,
  type Target,
} from "../privacy/Target.ts"
import * as Sensitivity from "../theory/Sensitivity.ts"
import { excessOf, idealTarget } from "./GridPrice.ts"

/** The integer noise of a mechanism for rows of one dimension, and its guarantee. */
export interface GridPlan {
  readonly mechanism: Mechanism.Mechanism
  readonly dimension: number
  /** The grid is 2^exponent. */
  readonly exponent: number
  /** Standard deviations of the integer noise, in steps of the grid. */
  readonly diagonalSteps: number
  readonly offDiagonalSteps: number
  /** Sensitivity including the effect of rounding. */
  readonly sensitivity: number
  readonly privacy: Guarantee
}

/** Guarantee of a release between neighbours whose rows are clipped to the bound. */
interface Guarantee extends Target {
  readonly neighbours: Neighbours
  /** Maximum number of rows of one person; the guarantee, mu and rho cover all of them together. */
  readonly rowsPerPerson: number
  /** Sensitivity over scale: Gaussian releases compose by adding mu^2. */
  readonly mu: number
  /** Zero-concentrated privacy, mu^2 / 2: a theorem for the discrete noise as well, without `excess`. */
  readonly rho: number
  /** The price of discrete noise, in epsilon / 2. Adds up. */
  readonly excess: number
}

/** A step of a sum is never finer than this share of R^2: 2^24 rows stay below 2^52 steps. */
const finestShare = 27
/** Base-2 logarithm of the grid steps per standard deviation, rounded up. */
const stepsPerScale = 30
/**
 * Maximum number of steps that the sampler supports. The noise has that many steps if it must cover its own rounding of one
 * step in each of d entries.
 */
const mostSteps = 2 ** 32
/** In units of R^2; beyond it epsilon is below 1e-15. */
const largestScale = 2 ** 60
const tooWide =
  "the noise is too wide for exact integers in this dimension; ask for a larger epsilon or delta"
const tooSmall = "the noise is too small for its grid; ask for a smaller epsilon"

/**
 * The plan of a mechanism for rows of `dimension` numbers. A calibrated mechanism gets the scale that its target needs on
 * the grid. A printed one keeps its scale, and reports the epsilon that it delivers. Throws InvalidInput on a dimension
 * outside of 1..8192, and on targets that exact integers cannot meet.
 *
 * @example
 * ```ts import.meta.vitest
 * import { GridPlan, Mechanism, Public } from "@nonconvex/dp-lowrank"
 *
 * const bound = Public.bound(1)
 * const mechanism = Mechanism.isotropic({ epsilon: 1, delta: 1e-6, neighbours: "replace", bound })
 * GridPlan.make(mechanism, 3).privacy.rho.toFixed(4) // => "0.0280"
 * ```
 */
export const make = (mechanism: Mechanism.Mechanism, dimension: number): GridPlan => {
  requireDimension("GridPlan.make", dimension)
  const { bound, isCalibrated, neighbours, rowsPerPerson, target } = mechanism
  requireTarget("GridPlan.make", target)
  requireRowsPerPerson("GridPlan.make", rowsPerPerson)
  if (mechanism.scale > largestScale * bound * bound) {
    invalid("GridPlan.make", tooWide, { ...target, dimension })
  }
  const exponent = Math.max(
    Math.ceil(Elementary.log2(mechanism.scale)) - stepsPerScale,
    2 * Math.ceil(Elementary.log2(bound)) - finestShare,
  )
  const grid = Elementary.powerOfTwo(exponent)
  const entries = (dimension * (dimension + 1)) / 2
  const fewestSteps = Math.floor(Deviations.offDiagonalScale(mechanism) / grid)
  const excess = excessOf(entries, fewestSteps)
  if (!(excess < 1e-3)) invalid("GridPlan.make", tooSmall, { epsilon: target.epsilon })
  // of the public facts themselves, whatever the mechanism says of it
  const exact = rowsPerPerson * Sensitivity.frobeniusSensitivity(neighbours, bound)
  const sensitivity = (exact + grid * dimension) * (1 + 2 ** -50)
  const ideal = idealTarget(target, excess)
  const scale = isCalibrated ? (sensitivity / largestMu(ideal)) * (1 + 2 ** -50) : mechanism.scale
  const adjusted = { ...mechanism, scale }
  const mu = (sensitivity / scale) * (1 + 2 ** -49)
  const steps = (deviation: number) => Math.ceil((deviation / grid) * (1 + 2 ** -50))
  const diagonalSteps = steps(Deviations.diagonalScale(adjusted))
  if (diagonalSteps > mostSteps) invalid("GridPlan.make", tooWide, { ...target, dimension })
  const given = () => GaussianPrivacy.epsilon(mu, ideal.delta) + 2 * excess
  const epsilon = isCalibrated ? target.epsilon : given()
  return {
    mechanism: adjusted,
    dimension,
    exponent,
    diagonalSteps,
    offDiagonalSteps: steps(Deviations.offDiagonalScale(adjusted)),
    sensitivity,
    privacy: {
      neighbours,
      rowsPerPerson,
      delta: target.delta,
      epsilon,
      mu,
      rho: 0.5 * mu * mu * (1 + 2 ** -50),
      excess,
    },
  }
}
