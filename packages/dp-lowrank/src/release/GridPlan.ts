/**
 * How a mechanism is carried out in integers, decided from public numbers alone: the grid, the noise in steps of it, and the privacy
 * that follows.
 *
 * The matrix is rounded to a grid g and integer noise is added. Rounding moves both of two neighbours by at most g / 2 an entry, so the
 * sensitivity grows by at most g d. The discrete Gaussian is compared with a rounded continuous one, whose privacy is exactly that of
 * `GaussianPrivacy` because rounding is post-processing (derived here): at x, with y = x / t^2, the ratio of the two probabilities is
 * the mean of exp(-u^2 / 2 t^2) cosh(u y) over |u| <= 1/2, hence between exp(-1 / 8 t^2) and exp(x^2 / 8 t^4); the normalising constants
 * agree to exp(-2 pi^2 t^2). Over N entries |log ratio| <= (N + X) / (8 t^2) with X = sum x^2 / t^2, and X <= 2 N + 4 L but with
 * probability exp(-L). With L = 900, where exp(-L) vanishes beside every admissible delta, each release costs a mechanism
 * `excess` xi = (3 N + 4 L) / (8 t^2), and (epsilon, delta) becomes (epsilon + 2 xi, (1 + 3 xi) delta): about 1e-12.
 */
import { invalid } from "@nonconvex/numerics/InvalidInput"
import * as GaussianPrivacy from "../privacy/GaussianPrivacy.ts"
import * as Mechanism from "../noise/Mechanism.ts"
import { type Neighbours, requireTarget, type Target } from "../privacy/Target.ts"
import { requireDimension } from "../privacy/Public.ts"
import * as Theory from "../theory/index.ts"

export interface GridPlan {
  readonly mechanism: Mechanism.Mechanism
  readonly dimension: number
  /** The grid is 2^exponent. */
  readonly exponent: number
  /** Standard deviations of the integer noise, in steps of the grid. */
  readonly diagonalSteps: number
  readonly offDiagonalSteps: number
  /** With what rounding adds to it. */
  readonly sensitivity: number
  readonly privacy: Guarantee
}

/** What a release gives, between neighbours whose rows are clipped to the bound. */
export interface Guarantee extends Target {
  readonly neighbours: Neighbours
  /** Sensitivity over scale: Gaussian releases compose by adding mu^2. */
  readonly mu: number
  /** Zero-concentrated privacy, mu^2 / 2: a theorem for the discrete noise as well, without `excess`. */
  readonly rho: number
  /** The price of the grid, in epsilon / 2: see GridPlan. Adds up. */
  readonly excess: number
}

const tail = 900
/** A step of a sum is never finer than this share of R^2: 2^24 rows stay below 2^52 steps. */
const finestShare = 27
/** Steps of the grid in one standard deviation, at least half of it. */
const stepsPerScale = 30
/** What the sampler takes. The noise has that many steps where it must cover its own rounding, of d entries by a step each. */
const mostSteps = 2 ** 32
/** In units of R^2; beyond it, epsilon is below 1e-15. */
const largestScale = 2 ** 60
const tooWide =
  "the noise is too wide for exact integers in this dimension; ask for a larger epsilon or delta"

/** What discrete noise of at least `steps` steps in each of `entries` entries costs over rounded continuous noise: xi, above. */
export const excessOf = (entries: number, steps: number): number =>
  (3 * entries + 4 * tail) / (8 * steps * steps)

/** The delta that is left for the ideal mechanism when several releases have `excess` together. */
export const idealDelta = (delta: number, excess: number): number =>
  delta * (1 - 3 * excess - 1e-15)

/** (epsilon, delta) left for the ideal mechanism when several releases have `excess` together. Throws InvalidInput where none is. */
export const idealTarget = ({ delta, epsilon }: Target, excess: number): Target => {
  const price = 2 * excess
  const left = epsilon - price
  if (!(left > 0)) {
    invalid("GridPlan", "epsilon must be above the price of exact integer noise", {
      epsilon,
      price,
    })
  }
  return { epsilon: left, delta: idealDelta(delta, excess) }
}

/** The plan of a mechanism in a dimension. Throws InvalidInput on a dimension outside of 1..8192 and targets it cannot meet. */
export const make = (mechanism: Mechanism.Mechanism, dimension: number): GridPlan => {
  requireDimension("GridPlan.make", dimension)
  const { bound, isCalibrated, neighbours, target } = mechanism
  requireTarget("GridPlan.make", target)
  if (mechanism.scale > largestScale * bound * bound) {
    invalid("GridPlan.make", tooWide, { ...target, dimension })
  }
  const exponent = Math.max(
    Math.ceil(Math.log2(mechanism.scale)) - stepsPerScale,
    2 * Math.ceil(Math.log2(bound)) - finestShare,
  )
  const grid = 2 ** exponent
  const entries = (dimension * (dimension + 1)) / 2
  const fewestSteps = Math.floor(Mechanism.offDiagonalScale(mechanism) / grid)
  const excess = excessOf(entries, fewestSteps)
  if (!(excess < 1e-3)) {
    invalid("GridPlan.make", "the noise is too small for its grid; ask for a smaller epsilon", {
      epsilon: target.epsilon,
    })
  }
  // of the public facts themselves, whatever the mechanism says of it
  const exact = Theory.frobeniusSensitivity(neighbours, bound)
  const sensitivity = (exact + grid * dimension) * (1 + 2 ** -50)
  const ideal = idealTarget(target, excess)
  const scale = isCalibrated
    ? (sensitivity / GaussianPrivacy.largestMu(ideal)) * (1 + 2 ** -50)
    : mechanism.scale
  const adjusted = { ...mechanism, scale }
  const mu = (sensitivity / scale) * (1 + 2 ** -49)
  const steps = (deviation: number) => Math.ceil((deviation / grid) * (1 + 2 ** -50))
  const diagonalSteps = steps(Mechanism.diagonalScale(adjusted))
  if (diagonalSteps > mostSteps) {
    invalid("GridPlan.make", tooWide, { ...target, dimension })
  }
  return {
    mechanism: adjusted,
    dimension,
    exponent,
    diagonalSteps,
    offDiagonalSteps: steps(Mechanism.offDiagonalScale(adjusted)),
    sensitivity,
    privacy: {
      neighbours,
      delta: target.delta,
      epsilon: isCalibrated
        ? target.epsilon
        : GaussianPrivacy.epsilon(mu, ideal.delta) + 2 * excess,
      mu,
      rho: 0.5 * mu * mu * (1 + 2 ** -50),
      excess,
    },
  }
}
