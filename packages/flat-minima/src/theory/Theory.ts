/**
 * Bounds, presets and closed forms. Pure functions, each with its assumptions and its source.
 *
 * Notation: eta and eta' are the steps with and without perturbation, rho the radius, eps0 the gradient threshold, eps the
 * accuracy and delta the failure probability. d is the dimension, beta the smoothness, mu the Polyak-Lojasiewicz constant. The
 * normalised trace is `tr Hess f / d`. The paper is Ahn, Jadbabaie, Sra 2024. Its displayed formulas were not available:
 * statements "as recalled" were derived again here and agree with all measured rates.
 */
import * as Elementary from "@nonconvex/numerics/Elementary"

/** Parameters that the theorems prescribe for an algorithm. */
export interface Preset {
  /** eta */
  readonly learningRate: number
  /** eta' */
  readonly plainLearningRate: number
  /** rho */
  readonly radius: number
  /** eps0 */
  readonly gradientThreshold: number
  /** T */
  readonly steps: number
}

/**
 * The constants that the O() of the theorems hide. The paper gives none of them; the default 1 is a guess, so a theorem
 * guarantees only the order.
 */
export type HiddenConstants = Partial<Preset>

/** Inputs of the theorems. */
interface Goal {
  readonly eps: number
  readonly delta: number
  readonly beta: number
}

const scaled = (preset: Preset, constants: HiddenConstants): Preset => ({
  learningRate: preset.learningRate * (constants.learningRate ?? 1),
  plainLearningRate: preset.plainLearningRate * (constants.plainLearningRate ?? 1),
  radius: preset.radius * (constants.radius ?? 1),
  gradientThreshold: preset.gradientThreshold * (constants.gradientThreshold ?? 1),
  steps: Math.ceil(preset.steps * (constants.steps ?? 1)),
})

/**
 * Theorem 1 (as recalled): eta = delta eps, eta' = 1/beta, rho = delta sqrt(eps), eps0 = delta^1.5 eps, T = eps^-3 delta^-4.
 * Each is multiplied by an unknown constant. The output is (O(eps), O(sqrt(eps)))-flat with probability 1 - O(delta).
 *
 * @example
 * ```ts import.meta.vitest
 * import { Theory } from "@nonconvex/flat-minima"
 *
 * const { learningRate, plainLearningRate, radius } = Theory.smoothedPreset({ beta: 10, delta: 0.1, eps: 0.01 }, {})
 * const rates = [learningRate, plainLearningRate, radius] // ≈ [0.001, 0.100, 0.010]
 * ```
 */
export const smoothedPreset = ({ beta, delta, eps }: Goal, constants: HiddenConstants): Preset =>
  scaled(
    {
      learningRate: delta * eps,
      plainLearningRate: 1 / beta,
      radius: delta * Math.sqrt(eps),
      gradientThreshold: Elementary.pow(delta, 1.5) * eps,
      steps: Elementary.pow(eps, -3) * Elementary.pow(delta, -4),
    },
    constants,
  )

/** nu = min(d, eps^(-1/3)), the gain of theorem 2 (as recalled). */
export const sharpnessGain = (d: number, eps: number): number =>
  Math.min(d, Elementary.pow(eps, -1 / 3))

/**
 * Theorem 2 (as recalled): eta = nu delta eps, rho = nu delta sqrt(eps), eps0 = (nu delta)^1.5 eps, T = nu^-3 d^-1 eps^-3
 * delta^-4. The last is d^-1 eps^-2 max(1, 1 / (d^3 eps)) delta^-4. Each is multiplied by an unknown constant.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Theory } from "@nonconvex/flat-minima"
 *
 * // nu is 2, the dimension
 * const goal = { beta: 10, d: 2, delta: 0.1, eps: 0.01 }
 * const { learningRate, plainLearningRate, radius } = Theory.sharpnessAwarePreset(goal, {})
 * const rates = [learningRate, plainLearningRate, radius] // ≈ [0.002, 0.100, 0.020]
 * ```
 */
export const sharpnessAwarePreset = (
  { beta, d, delta, eps }: Goal & { readonly d: number },
  constants: HiddenConstants,
): Preset => {
  const nu = sharpnessGain(d, eps)
  return scaled(
    {
      learningRate: nu * delta * eps,
      plainLearningRate: 1 / beta,
      radius: nu * delta * Math.sqrt(eps),
      gradientThreshold: Elementary.pow(nu * delta, 1.5) * eps,
      steps: Elementary.pow(nu, -3) / d / (Elementary.pow(eps, 3) * Elementary.pow(delta, 4)),
    },
    constants,
  )
}

/**
 * Factor of `grad tr Hess f` in the mean of `grad f(x + rho g)` over the sphere: `rho^2 / (2 d)`. Exact for quartics. Derived
 * here.
 */
export const smoothingFactor = (rho: number, d: number): number => (rho * rho) / (2 * d)

/** Factor of the gradient of the squared Laplacian, the next term of that mean: `rho^4 / (8 d (d + 2))`. Derived here. */
export const smoothingRemainder = (rho: number, d: number): number =>
  Elementary.pow(rho, 4) / (8 * d * (d + 2))

/**
 * Mean change of the normalised trace in a perturbed step at a minimum, to leading order. It is `-(1/2) eta rho^2 r^2` for the
 * smoothed perturbation, and d times that for the sharpness-aware one. r is the flatness residual. Derived here.
 */
export const traceDecrease = (
  eta: number,
  rho: number,
  residual: number,
  gain: number = 1,
): number => -0.5 * gain * eta * rho * rho * residual * residual

/**
 * A step with `eta <= 1/beta` changes f by at most `-(eta/2) |G|^2 + (beta eta^2 / 2) |v|^2` (lemma 1 as recalled; derived here).
 */
export const descentBound = (
  eta: number,
  beta: number,
  gradientNorm: number,
  moveNorm: number,
): number =>
  -0.5 * eta * (gradientNorm * gradientNorm) + 0.5 * beta * eta * eta * (moveNorm * moveNorm)

/**
 * `|v| <= beta rho` for the smoothed perturbation, because the projection removes G. Derived here.
 */
export const smoothedMoveBound = (beta: number, rho: number): number => beta * rho

/** `|v| <= |grad f_i(x)| + beta_i rho` for the sharpness-aware perturbation. Derived here. */
export const sharpnessAwareMoveBound = (
  sampleGradientNorm: number,
  sampleSmoothness: number,
  rho: number,
): number => sampleGradientNorm + sampleSmoothness * rho

/** Factor by which a coordinate without effect on f divides the smoothed drift of the trace: `(d + 1) / d`. Derived here. */
export const paddingFactor = (d: number): number => (d + 1) / d

/** The steps of theorem 1 (as recalled), `c eps^-3`: an upper bound, not the observed rate. */
export const stepsBound = (eps: number, constant: number): number =>
  constant * Elementary.pow(eps, -3)

/** Share of flat iterates that the theorems guarantee (as recalled): at least `1 - c delta`. */
export const flatShare = (delta: number, constant: number): number => 1 - constant * delta

/** Variances of one probe of the trace of a symmetric H. `square` is |H|_F^2, `diagonal` is `sum H_ii^2`. Derived here. */
export const probeVariance = {
  rademacher: (square: number, diagonal: number): number => 2 * (square - diagonal),
  gaussian: (square: number): number => 2 * square,
  /** Probes uniform on the sphere of radius sqrt(d). */
  sphere: (square: number, trace: number, d: number): number =>
    (2 * d * square - 2 * trace * trace) / (d + 2),
} as const

/** `f - min f <= |G|^2 / (2 mu)`: a restatement of the Polyak-Lojasiewicz inequality. */
export const lossGapBound = (gradientNorm: number, mu: number): number =>
  (gradientNorm * gradientNorm) / (2 * mu)

/** The limit map and the flatness of `(x y - 1)^2 / 2` on `x, y > 0`. Derived here. */
export const factorisation = {
  /** `x^2 - y^2`, which the gradient flow conserves. */
  invariant: (x: number, y: number): number => (x - y) * (x + y),
  /** Phi, on the branch of the hyperbola on the side of the start. */
  limit: (x: number, y: number): readonly [x: number, y: number] => {
    const c = (x - y) * (x + y)
    const root = Elementary.hypot(c, 2)
    // the larger of the two coordinates first: no digits are lost
    const larger = Math.sqrt((Math.abs(c) + root) / 2)
    return c >= 0 ? [larger, 1 / larger] : [1 / larger, larger]
  },
  /** `tr Hess f` at the limit: `sqrt(C^2 + 4)`. */
  trace: (x: number, y: number): number => Elementary.hypot((x - y) * (x + y), 2),
  /** `|dPhi grad trb|` at the limit: `|C| / (C^2 + 4)^(1/4)`. */
  residual: (x: number, y: number): number => {
    const c = (x - y) * (x + y)
    return Math.abs(c) / Math.sqrt(Elementary.hypot(c, 2))
  },
} as const

/** The limit map and the trace of `e^(c x) |y|^2 / 2`, y in R^k. Derived here. */
export const exponentialValley = {
  /** The x of Phi; its y is 0. */
  limit: (x: number, ySquare: number, c: number): number => x - (c * ySquare) / 4,
  trace: (x: number, c: number, k: number): number => k * Elementary.exp(c * x),
} as const

/** Constants of `a(x) |y|^2 / 2`, y in R^k, in dimension d: `tr = k a(x)` and the residual `k |a'(x)| / d`. Derived here. */
export const valley = {
  trace: (a: number, k: number): number => k * a,
  residual: (slope: number, k: number, d: number): number => (k * Math.abs(slope)) / d,
} as const

/**
 * Relative shortfall of the largest eigenvalue after `steps` Lanczos steps from a random start, exceeded with probability at most
 * `failure`. The operator is positive semidefinite, of `dimension` d. The shortfall solves `1.648 sqrt(d) exp(-sqrt(shortfall) (2
 * steps - 1)) = failure` (Kuczynski, Wozniakowski 1992, theorem 4.2, as recalled).
 */
export const lanczosShortfall = (dimension: number, steps: number, failure: number): number =>
  Elementary.square(Elementary.log((1.648 * Math.sqrt(dimension)) / failure) / (2 * steps - 1))
