/**
 * Bounds on the regularised and the proximal algorithms, and on their parts (Zhang et al. 2023, sections 4 and C). Notation as in
 * Parameters; deviations are squared distances.
 */
import * as Elementary from "@nonconvex/numerics/Elementary"

/** Algorithm 2, inexact start: gap `<= 2 eps` (Theorem 4.4, as printed). */
export const minimaxGapOfStart = (eps: number): number => 2 * eps

/** Algorithm 2, inexact start: deviation `<= 4 delta^2` (Theorem 4.4, as printed). */
export const minimaxDeviationOfStart = (delta: number): number => 4 * (delta * delta)

/**
 * Algorithm 2, inexact gradient: gap `<= (58 l D^2 / eps + 4.3) delta D + eps`. Corrected: Theorem 4.6 prints 33.7 and 4.25, with
 * a correction step that violates the hypothesis of Lemma C.5.
 */
export const minimaxGapOfGradient = (l: number, D: number, eps: number, delta: number): number =>
  ((58 * l * D * D) / eps + 4.3) * delta * D + eps

/** Algorithm 2, inexact gradient: deviation `<= 36 (9 + 4 sqrt2) D^4 delta^2 / eps^2` (Theorem 4.6, as printed). */
export const minimaxDeviationOfGradient = (D: number, eps: number, delta: number): number =>
  36 * (9 + 4 * Math.SQRT2) * Elementary.pow(D, 4) * Elementary.square(delta / eps)

/** Algorithm 3, inexact start: gap `<= l D^2 / T + l delta^2 / (2 T^2)` (Theorem 4.7, as printed). */
export const proximalGapOfStart = (l: number, D: number, delta: number, T: number): number =>
  (l * D * D) / T + (l * delta * delta) / (2 * T * T)

/** Algorithm 3, inexact start: deviation `<= 9 delta^2` (Theorem 4.7, as printed). */
export const proximalDeviationOfStart = (delta: number): number => 9 * (delta * delta)

/** Factor of the residual after the correction step: `8 sqrt6 + 7 sqrt2 + 4`, 33.5. Corrected: printed as 21, with beta = 2 l. */
const correctedResidual = 8 * Math.sqrt(6) + 7 * Math.SQRT2 + 4

/** Algorithm 3, inexact gradient: gap `<= l D^2 / T + 33.5 delta D` (Theorem 4.8, corrected). */
export const proximalGapOfGradient = (l: number, D: number, delta: number, T: number): number =>
  (l * D * D) / T + correctedResidual * delta * D

/** Largest error at which Algorithm 3 keeps half of the gap: `eps / (68 D)`. Corrected: printed as eps / (42 D). */
export const proximalErrorLimit = (eps: number, D: number): number => eps / (68 * D)

/** Algorithm 3, inexact gradient: deviation `<= 81 delta^2 T^2 / l^2` (Theorem 4.8, as printed). */
export const proximalDeviationOfGradient = (l: number, delta: number, T: number): number =>
  (81 * (delta * delta) * (T * T)) / (l * l)

/** Inexact proximal point: gap `<= |z_0 - z|^2 / (2 alpha T) + accuracy` (Lemma C.6, as printed). */
export const proximalPointGap = (
  squaredDistance: number,
  alpha: number,
  T: number,
  accuracy: number,
): number => squaredDistance / (2 * alpha * T) + accuracy

/** Problem with an oracle error of delta, and the number of steps. */
export interface Inexact {
  readonly l: number
  readonly mu: number
  readonly delta: number
  readonly T: number
}

/** The same with a correction of 1 / beta and a diameter D. */
interface Corrected extends Omit<Inexact, "T"> {
  readonly beta: number
  readonly D: number
}

/**
 * Inexact EG, step 1 / (2 l): `|z_T - z*|^2 <= e^(-T / (8 kappa)) |z_0 - z*|^2 + (8 delta^2 / mu) (2 / l + 1 / mu)` (Lemma 4.5).
 */
export const inexactExtragradient = (
  squaredDistance: number,
  { delta, l, mu, T }: Inexact,
): number =>
  Elementary.exp((-T * mu) / (8 * l)) * squaredDistance +
  ((8 * (delta * delta)) / mu) * (2 / l + 1 / mu)

/** Inexact GDA, step mu / (4 l^2): `e^(-T / (8 kappa^2)) |z_0 - z*|^2 + (1 / l^2 + 2 / mu^2) delta^2` (Lemma C.3). */
export const inexactDescentAscent = (
  squaredDistance: number,
  { delta, l, mu, T }: Inexact,
): number =>
  Elementary.exp((-T * (mu * mu)) / (8 * (l * l))) * squaredDistance +
  (1 / (l * l) + 2 / (mu * mu)) * (delta * delta)

/**
 * VI residual of the corrected point `Pi(z - G(z) / beta)`, beta >= 2 l: `2 sqrt2 beta D |z - z*| + sqrt2 delta D ((2 + sqrt2)
 * sqrt(beta / mu) + 3)` (Lemma C.5, as printed).
 */
export const correctedViResidual = (
  distance: number,
  { beta, D, delta, mu }: Omit<Corrected, "l">,
): number =>
  2 * Math.SQRT2 * beta * D * distance +
  Math.SQRT2 * delta * D * ((2 + Math.SQRT2) * Math.sqrt(beta / mu) + 3)

/**
 * Distance of the corrected point: `(1 + sqrt2 l / beta) |z - z*| + delta (1 / sqrt(beta mu) + sqrt2 / beta)` (Lemma C.5, as
 * printed).
 */
export const correctedDistance = (
  distance: number,
  { beta, delta, l, mu }: Omit<Corrected, "D">,
): number =>
  (1 + (Math.SQRT2 * l) / beta) * distance + delta * (1 / Math.sqrt(beta * mu) + Math.SQRT2 / beta)

/**
 * Squared deviation that opposed errors force on the objective `(eps / D^2) x^2`: `(delta D^2 / eps)^2`, attained. Derived here.
 */
export const forcedDeviation = (eps: number, delta: number, D: number): number =>
  Elementary.square((delta * D * D) / eps)

/** Deviation (a distance) of two certified runs from one start: the sum of their distances. Derived here. */
export const certifiedDeviation = (first: number, second: number): number => first + second

/**
 * Upper bound on the probability that dithered rounding to a grid of `width` separates two points at `distance`: `sqrt(d)
 * distance / width`, by a union bound over the coordinates. Derived here.
 */
export const roundingFailure = (distance: number, width: number, dimension: number): number =>
  Math.min(1, (Math.sqrt(dimension) * distance) / width)

/**
 * Distance of a rounded answer from the certified target, `distance + sqrt(d) width / 2`, since projection increases no
 * distance to a point of the set. Derived here.
 */
export const publishedDistance = (distance: number, width: number, dimension: number): number =>
  distance + (Math.sqrt(dimension) * width) / 2
