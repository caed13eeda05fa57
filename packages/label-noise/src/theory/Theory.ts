/**
 * Constants, rates and bounds of label-noise SGD and the sharpness flow. Pure functions, each with its assumptions.
 *
 * Notation: eta learning rate, sigma standard deviation of the label noise, B batch, n data, m neurons. mu is the smallest
 * eigenvalue of the Gram matrix of the data; rho1 and rho2 are the infima of phi' and phi'''. beta is the constant of normality,
 * and F = sum_i |grad f_i|^2 the sharpness. The paper is Gatmiry, Li, Reddi, Jegelka 2024; its text was not available, and every
 * constant below was derived here.
 */
import * as Elementary from "@nonconvex/numerics/Elementary"

/** The loss is `sum r^2 / 2n` (half) or `sum r^2 / n` (mean). Mean with eta equals half with 2 eta. */
export type Convention = "half" | "mean"

/** Parameters of a step. */
export interface StepSetting {
  readonly convention: Convention
  readonly learningRate: number
  /** sigma, the standard deviation of the label noise. */
  readonly noise: number
  /** B. */
  readonly batch: number
  /** n. */
  readonly size: number
}

/** kappa, the factor of the gradient: 1 for half, 2 for mean. */
export const gradientFactor = (convention: Convention): 1 | 2 => (convention === "half" ? 1 : 2)

/** Trace of the Hessian on the minima, `kappa F / n`. */
export const hessianTrace = (convention: Convention, sharpness: number, size: number): number =>
  (gradientFactor(convention) * sharpness) / size

/** Trace of the Hessian anywhere: `kappa / n (F + sum_i r_i w_i sum_j phi''(z_ij))`; the sum is `correction`. */
export const hessianTraceOff = (
  convention: Convention,
  sharpness: number,
  correction: number,
  size: number,
): number => (gradientFactor(convention) * (sharpness + correction)) / size

/** c of the covariance `c H` of the gradient noise on the minima, `kappa sigma^2 / B`. */
export const noiseScale = (convention: Convention, noise: number, batch: number): number =>
  (gradientFactor(convention) * noise * noise) / batch

/**
 * Flow time of one step, `eta^2 (c / 4) (kappa / n)`: for small eta, a step moves along the minima by this times `-grad F`.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Theory } from "@nonconvex/label-noise"
 *
 * Theory.flowTimePerStep({ convention: "half", learningRate: 0.1, noise: 1, batch: 1, size: 10 }) // ≈ 0.0002500
 * ```
 */
export const flowTimePerStep = (step: StepSetting): number =>
  (step.learningRate *
    step.learningRate *
    noiseScale(step.convention, step.noise, step.batch) *
    gradientFactor(step.convention)) /
  (4 * step.size)

/** Factor `1 / (1 - eta lambda / 2)` by which a finite full-batch step multiplies the drift of Hessian eigenvalue lambda. */
export const finiteStepFactor = (etaLambda: number): number => 1 / (1 - etaLambda / 2)

/** The same factor for batches of B out of n orthogonal data, `1 / (1 - (n / B) eta lambda / 2)`. */
export const finiteStepFactorOfBatch = (etaLambda: number, batch: number, size: number): number =>
  finiteStepFactor((etaLambda * size) / batch)

/**
 * Steps that label-noise SGD needs for a flow time, for small eta.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Theory } from "@nonconvex/label-noise"
 *
 * Theory.stepsFor(1, { convention: "half", learningRate: 0.1, noise: 1, batch: 1, size: 10 }) // ≈ 4000.00
 * ```
 */
export const stepsFor = (flowTime: number, step: StepSetting): number =>
  flowTime / flowTimePerStep(step)

/** Expected loss that the noise maintains at a minimum, `(eta c / 4) tr H`, for small eta. */
export const noiseFloor = (step: StepSetting, sharpness: number): number =>
  ((step.learningRate * noiseScale(step.convention, step.noise, step.batch)) / 4) *
  hessianTrace(step.convention, sharpness, step.size)

/** Regulariser of a finite step, `-(1 / 2 eta) sum log(1 - eta lambda_i / 2)` (Damian, Ma, Lee 2021, as recalled). */
export const finiteStepRegulariser = (
  learningRate: number,
  eigenvalues: ReadonlyArray<number>,
): number =>
  eigenvalues.reduce((sum, lambda) => sum - Elementary.log1p((-learningRate * lambda) / 2), 0) /
  (2 * learningRate)

/** Lower bound on the eigenvalues of `J J^T`, `m rho1^2 mu`: the network never loses rank. */
export const leastTangentEigenvalue = (neurons: number, rho1: number, mu: number): number =>
  neurons * rho1 * rho1 * mu

/** Norm of the Riemannian gradient below which the sharpness is geodesically convex: `sqrt(mu) beta min_i w_i`. */
export const convexityThreshold = (mu: number, beta: number, leastWeight = 1): number =>
  Math.sqrt(mu) * beta * leastWeight

/** Flow time within which that norm is reached, `(F - F*) / (mu beta^2 min_i w_i^2)`. */
export const timeToConvexity = (
  excess: number,
  mu: number,
  beta: number,
  leastWeight = 1,
): number => excess / Elementary.square(convexityThreshold(mu, beta, leastWeight))

/** Exponential decay rate of the gradient from there on, `rho1 rho2 mu min_i w_i`. */
export const guaranteedRate = (rho1: number, rho2: number, mu: number, leastWeight = 1): number =>
  rho1 * rho2 * mu * leastWeight

/**
 * Bound on `|z_ij - v_i|` from the norm of the Riemannian gradient, `|grad| / (sqrt(mu) rho1 rho2 min_i w_i)`.
 *
 * For two neurons, `2 w rho2 |z_ij - z_ik| <= (|s_ij| + |s_ik|) / rho1`, and `mu sum s^2 <= |grad|^2`; v_i lies between neurons.
 */
export const deviationBound = (
  gradientNorm: number,
  rho1: number,
  rho2: number,
  mu: number,
  leastWeight = 1,
): number => gradientNorm / (Math.sqrt(mu) * rho1 * rho2 * leastWeight)

/** Quantities of a point on the minima that bound the remaining flow time. */
export interface Place {
  readonly excess: number
  readonly gradientNorm: number
  readonly mu: number
  readonly rho1: number
  readonly rho2: number
  readonly beta: number
  readonly leastWeight: number
}

/**
 * Flow time within which all pre-activations are within `distance` of the flat limit. It has two phases: first `timeToConvexity`
 * unless the gradient is below the threshold, then exponential decay at `guaranteedRate`.
 */
export const remainingTime = (place: Place, distance: number): number => {
  const { beta, excess, gradientNorm, leastWeight, mu, rho1, rho2 } = place
  const threshold = convexityThreshold(mu, beta, leastWeight)
  const first = gradientNorm <= threshold ? 0 : timeToConvexity(excess, mu, beta, leastWeight)
  const bound = deviationBound(Math.min(gradientNorm, threshold), rho1, rho2, mu, leastWeight)
  const rate = guaranteedRate(rho1, rho2, mu, leastWeight)
  return first + Math.max(0, Elementary.log(bound / distance)) / rate
}

/**
 * Stationary root mean square distance of label-noise SGD from the minima. It is `sqrt(sum_i eta c / (2 - eta lambda_i))` over
 * the nonzero eigenvalues of the Hessian, of the order of sqrt(eta). For full batches; stationary variance, derived here.
 */
export const fluctuation = (step: StepSetting, eigenvalues: ReadonlyArray<number>): number => {
  const { batch, convention, learningRate, noise } = step
  const c = noiseScale(convention, noise, batch)
  return Math.sqrt(
    eigenvalues.reduce((sum, lambda) => sum + (learningRate * c) / (2 - learningRate * lambda), 0),
  )
}

/**
 * Steps in which the distance from the minima shrinks to `share`, `log(1 / share) / (eta lambda_min)`: the first phase, O(1 /
 * eta).
 */
export const transientSteps = (
  learningRate: number,
  smallestEigenvalue: number,
  share: number,
): number => Elementary.log(1 / share) / (learningRate * smallestEigenvalue)

/** Fewest distinct neurons for which the gradients of n outputs can be independent, `ceil(n / d)`. Derived here. */
export const leastClusters = (size: number, dimension: number): number =>
  Math.ceil(size / dimension)

/** Largest stable learning rate at a minimum for full batches, `2 / lambda_max(H)`, from `lambda_max(J J^T)`. */
export const fullBatchLimit = (
  convention: Convention,
  topTangentEigenvalue: number,
  size: number,
): number => (2 * size) / (gradientFactor(convention) * topTangentEigenvalue)

/** Largest stable learning rate for single data, `2 / (kappa max_i |grad f_i|^2)`. */
export const singleDatumLimit = (convention: Convention, largestGradientSquare: number): number =>
  2 / (gradientFactor(convention) * largestGradientSquare)
