/**
 * Bounds, thresholds and closed forms for SAM and USAM. Pure functions, each with its assumptions and its source.
 *
 * Notation: eta learning rate, rho radius, alpha strong convexity, beta smoothness, mu the Polyak-Lojasiewicz constant, lambda an
 * eigenvalue of the Hessian. The paper is Dai, Ahn, Sra 2023. Its theorem numbers are as recalled. Every statement below was
 * derived again and is tested as a claim.
 */
import * as Elementary from "@nonconvex/numerics/Elementary"

/** A geometric approach to a floor: `L_t - L* <= factor^t (L_0 - L*) + floor`. */
export interface Contraction {
  readonly factor: number
  readonly floor: number
}

/**
 * SAM on a strongly convex, smooth loss, `0 < eta <= 1 / beta` (Theorem 1 as recalled, in the range where it holds).
 *
 * For eta in (1/beta, 2/beta) the same formula is false: see the erratum `optim-sam/strongly-convex-floor-past-inverse-smoothness`.
 */
export const stronglyConvexSam = (
  eta: number,
  rho: number,
  alpha: number,
  beta: number,
): Contraction => ({
  factor: 1 - alpha * eta * (2 - eta * beta),
  floor: (eta * Elementary.pow(beta, 3) * (rho * rho)) / (2 * alpha * (2 - eta * beta)),
})

/** Contraction of a gradient step, `max(|1 - eta alpha|, |1 - eta beta|)`. */
export const gradientContraction = (eta: number, alpha: number, beta: number): number =>
  Math.max(Math.abs(1 - eta * alpha), Math.abs(1 - eta * beta))

/**
 * SAM on a strongly convex, smooth loss, for every `0 < eta < 2 / beta`: bound on `|w_t - w*|` from `|w_0 - w*|`.
 *
 * Derived here; attained on `beta w^2 / 2` in one dimension where `eta (alpha + beta) >= 2`. `beta / 2` times its square bounds the loss.
 */
export const samDistance = (
  steps: number,
  distance: number,
  eta: number,
  rho: number,
  alpha: number,
  beta: number,
): number => {
  const q = gradientContraction(eta, alpha, beta)
  const sum = q === 1 ? steps : (1 - Elementary.pow(q, steps)) / (1 - q)
  return Elementary.pow(q, steps) * distance + eta * beta * rho * sum
}

/**
 * Amplitude `a` of SAM's limit `+-a v` on a quadratic, along the top eigenvector, `0 < eta lambda < 2`:
 * `a = eta rho lambda / (2 - eta lambda)`. Derived here.
 */
export const bounceAmplitude = (eta: number, rho: number, lambda: number): number =>
  (eta * rho * lambda) / (2 - eta * lambda)

/** Loss at that amplitude: SAM's floor on a quadratic, `lambda a^2 / 2`. Derived here. */
export const bounceFloor = (eta: number, rho: number, lambda: number): number =>
  (lambda / 2) * Elementary.square(bounceAmplitude(eta, rho, lambda))

/** Radius whose floor on a quadratic is `floor`: the inverse of `bounceFloor` in rho. Derived here. */
export const radiusForFloor = (floor: number, eta: number, lambda: number): number =>
  ((2 - eta * lambda) / (eta * lambda)) * Math.sqrt((2 * floor) / lambda)

/** Largest stable learning rate of gradient descent on curvature lambda, and of SAM far from the minimum: `2 / lambda`. */
export const gradientDescentThreshold = (lambda: number): number => 2 / lambda

/**
 * USAM on a quadratic converges from every start iff eta is below `2 / (lambda (1 + rho lambda))` (Theorem 1 as recalled; derived here).
 */
export const usamThreshold = (rho: number, lambda: number): number =>
  2 / (lambda * (1 + rho * lambda))

/** Radius above which USAM is unstable at rate eta: `(2 / (eta lambda) - 1) / lambda`. Derived here. */
export const usamRadiusThreshold = (eta: number, lambda: number): number =>
  (2 / (eta * lambda) - 1) / lambda

/** Curvature at which USAM stops on `l(xy)`: the root of `z (1 + rho z) = 2 / eta` (Theorem 4 as recalled; derived here). */
export const usamEndCurvature = (eta: number, rho: number): number =>
  4 / (eta * (1 + Math.sqrt(1 + (8 * rho) / eta)))

/** |x| once SAM has settled on the axis of `(xy)^2 / 2` at height y, `eta y^2 < 2`: alternating sign. Derived here. */
export const axisAmplitude = (eta: number, rho: number, y: number): number =>
  bounceAmplitude(eta, rho, y * y)

/** Next y of SAM on the axis of `(xy)^2 / 2`, after transients: `y (1 - 4 eta rho^2 / (2 - eta y^2)^2)`. Derived here. */
export const axisDrift = (eta: number, rho: number, y: number): number =>
  y * (1 - (4 * eta * rho * rho) / Elementary.square(2 - eta * y * y))

/** Number of steps of this drift from `from` down to `to`, by integration. Derived here. */
export const axisDriftSteps = (eta: number, rho: number, from: number, to: number): number => {
  const primitive = (y: number) =>
    Elementary.log(y) - (eta * y * y) / 2 + (eta * eta * Elementary.pow(y, 4)) / 16
  return (primitive(from) - primitive(to)) / (eta * rho * rho)
}

/**
 * Change of x in one step of SAM in the valley `a(x) y^2 / 2`, after transients: `-(eta rho^2 / 2) (2 / (2 - eta a))^2
 * a'(x)`.
 *
 * Derived here. As eta a tends to 0, it becomes the drift along the top eigenvalue of Wen, Ma, Li 2023 (as recalled).
 */
export const valleyDrift = (eta: number, rho: number, a: number, slope: number): number =>
  -0.5 * eta * rho * rho * Elementary.square(2 / (2 - eta * a)) * slope

/** SAM under the Polyak-Lojasiewicz inequality, `eta <= 1 / beta`, convex or not. Derived here. */
export const plSam = (eta: number, rho: number, mu: number, beta: number): Contraction => ({
  factor: 1 - eta * mu,
  floor: (beta * beta * rho * rho) / (2 * mu),
})

/** SAM on any smooth loss, `eta <= 1 / beta`: bound on the mean of `|grad L(w_t)|^2` over the steps. Derived here. */
export const smoothSamGradient = (
  steps: number,
  gap: number,
  eta: number,
  rho: number,
  beta: number,
): number => (2 * gap) / (eta * steps) + beta * beta * rho * rho

/** USAM under the Polyak-Lojasiewicz inequality, `eta <= 1 / beta` and `rho beta < 1`: it has no floor. Derived here. */
export const plUsam = (eta: number, rho: number, mu: number, beta: number): Contraction => ({
  factor: 1 - eta * mu * (1 - Elementary.square(rho * beta)),
  floor: 0,
})

/**
 * Bound on the whole path of USAM from a point with loss gap `gap`, under the assumptions of `plUsam`. Derived here.
 *
 * It makes "stuck" precise: near a minimum the method cannot go far.
 */
export const usamPath = (gap: number, rho: number, mu: number, beta: number): number =>
  (2 * Math.sqrt(2 * beta * gap)) / (mu * (1 - rho * beta))

/**
 * The same bound from a point with `|grad L| <= gradientNorm`, where the gap is at most that squared over 2 mu. Derived
 * here.
 */
export const usamPathFromGradient = (
  gradientNorm: number,
  rho: number,
  mu: number,
  beta: number,
): number => (2 * Math.sqrt(beta / mu) * gradientNorm) / (mu * (1 - rho * beta))
