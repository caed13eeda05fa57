/**
 * Bounds on gaps, distances and squared deviations (Zhang et al. 2023). Notation as in Parameters; L bounds |V| on the set, mu
 * is the strong monotonicity or convexity, kappa = l / mu. As printed where nothing else is said.
 */
import * as Elementary from "@nonconvex/numerics/Elementary"
import type { Inexact } from "./Regularised.ts"

/**
 * GD with step 1 / l: `f(x_n) - f* <= l D^2 / (4 n + 2)`, tight on Huber functions. As recalled (Drori and Teboulle).
 *
 * @example
 * ```ts import.meta.vitest
 * import { Theory } from "@nonconvex/reproducible-minimax"
 *
 * Theory.gradientDescentGap(1, 1, 10) // ≈ 0.02381
 * ```
 */
export const gradientDescentGap = (l: number, D: number, n: number): number =>
  (l * D * D) / (4 * n + 2)

/**
 * AGD: `f(x_n) - f* <= 2 l D^2 / (n^2 + 5 n + 6)`, tight on Huber functions, as PEPit documents it.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Theory } from "@nonconvex/reproducible-minimax"
 *
 * Theory.acceleratedGap(1, 1, 10) // ≈ 0.01282
 * ```
 */
export const acceleratedGap = (l: number, D: number, n: number): number =>
  (2 * l * D * D) / (n * n + 5 * n + 6)

/** Width of the Huber function on which the bound on GD is attained after n steps from 1. Derived here. */
export const gradientDescentHuberWidth = (n: number): number => 1 / (2 * n + 1)

/** Width of the Huber function on which the bound on AGD is attained after n steps from 1. Derived here. */
export const acceleratedHuberWidth = (n: number): number => 4 / (n * n + 5 * n + 6)

/**
 * Distance to the solution of an r-strongly monotone problem from a residual, `(residual + delta) / r`. Derived here.
 *
 * With n normal to the set at p and `|G(p) + n| <= residual`: `r |p - z*|^2 <= <V(p) + n, p - z*>`.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Theory } from "@nonconvex/reproducible-minimax"
 *
 * Theory.distanceFromResidual(0.1, 0, 0.5) // => 0.2
 * ```
 */
export const distanceFromResidual = (residual: number, delta: number, r: number): number =>
  (residual + delta) / r

/**
 * Gap of an r-strongly convex objective from a residual, `(residual + delta)^2 / (2 r)`, on any set. Derived here.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Theory } from "@nonconvex/reproducible-minimax"
 *
 * Theory.gapFromResidual(0.1, 0, 0.5) // ≈ 0.01000
 * ```
 */
export const gapFromResidual = (residual: number, delta: number, r: number): number =>
  Elementary.square(residual + delta) / (2 * r)

/**
 * Gap after a projected gradient step of length 1 / L with exact gradients: `|g|^2 (1 / (2 r) - 1 / (2 L))` with g the gradient
 * mapping. Derived here.
 */
export const gapFromMapping = (mapping: number, r: number, L: number): number =>
  mapping * mapping * (1 / (2 * r) - 1 / (2 * L))

/**
 * Algorithm 1, inexact start: deviation `<= 4 delta^2` (Theorem 3.3).
 *
 * @example
 * ```ts import.meta.vitest
 * import { Theory } from "@nonconvex/reproducible-minimax"
 *
 * Theory.minimisationDeviationOfStart(0.1) // ≈ 0.04000
 * ```
 */
export const minimisationDeviationOfStart = (delta: number): number => 4 * (delta * delta)

/** Algorithm 1, inexact gradient: gap `<= 6 delta^2 D^3 sqrt(l / (2 eps^3)) + eps / 2` (Theorem 3.5). */
export const minimisationGapOfGradient = (
  eps: number,
  delta: number,
  D: number,
  l: number,
): number =>
  6 * (delta * delta) * Elementary.pow(D, 3) * Math.sqrt(l / (2 * Elementary.pow(eps, 3))) + eps / 2

/** Algorithm 1, inexact gradient: deviation `<= 48 delta^2 sqrt(l / (2 r^5))` (Theorem 3.5). */
export const minimisationDeviationOfGradient = (delta: number, l: number, r: number): number =>
  48 * (delta * delta) * Math.sqrt(l / (2 * Elementary.pow(r, 5)))

/**
 * Inexact-AGD: `f(x_T) - f* <= e^(-T / (2 sqrt(kappa))) (f(x_0) - f* + (mu / 4) |x_0 - x*|^2) + sqrt(kappa) (1 / l + 2 / mu)
 * delta^2` (Proposition 3.4).
 */
export const inexactAcceleratedGap = (
  initial: { readonly gap: number; readonly distance: number },
  { delta, l, mu, T }: Inexact,
): number => {
  const root = Math.sqrt(l / mu)
  const start = initial.gap + (mu / 4) * (initial.distance * initial.distance)
  return Elementary.exp(-T / (2 * root)) * start + root * (1 / l + 2 / mu) * (delta * delta)
}

/**
 * GDA: gap of the average `<= (l D^2 + L^2 / (2 l)) / sqrt(T)` (Lemma B.4).
 *
 * @example
 * ```ts import.meta.vitest
 * import { Theory } from "@nonconvex/reproducible-minimax"
 *
 * Theory.descentAscentGap(1, 1, 1, 100) // => 0.15
 * ```
 */
export const descentAscentGap = (l: number, D: number, L: number, T: number): number =>
  (l * (D * D) + (L * L) / (2 * l)) / Math.sqrt(T)

/** One step of GDA of size a expands squared distances by at most `1 + a^2 l^2` (Lemma B.5). */
export const descentAscentExpansion = (a: number, l: number): number => 1 + Elementary.square(a * l)

/** GDA, inexact start: deviation `<= e delta^2` (B.6). */
export const descentAscentDeviationOfStart = (delta: number): number => Math.E * (delta * delta)

/** GDA, inexact gradient: deviation `<= (4 e / (3 l^2)) delta^2 T` (B.7). */
export const descentAscentDeviationOfGradient = (l: number, delta: number, T: number): number =>
  ((4 * Math.E) / (3 * l * l)) * (delta * delta) * T

/** GDA, inexact gradient: gap of the average `<= (l D^2 + (L^2 + delta^2) / l) / sqrt(T) + sqrt2 delta D` (B.7). */
export const descentAscentGapOfGradient = (
  l: number,
  D: number,
  L: number,
  delta: number,
  T: number,
): number => (l * (D * D) + (L * L + delta * delta) / l) / Math.sqrt(T) + Math.SQRT2 * delta * D

/**
 * EG with step 1 / l: gap of the averaged half steps `<= l D^2 / T` (Lemma B.8).
 *
 * @example
 * ```ts import.meta.vitest
 * import { Theory } from "@nonconvex/reproducible-minimax"
 *
 * Theory.extragradientGap(1, 1, 100) // => 0.01
 * ```
 */
export const extragradientGap = (l: number, D: number, T: number): number => (l * (D * D)) / T

/** One step of EG of size a adds at most `2 L l^2 a^3` to a distance (Lemma B.9). */
export const extragradientExpansion = (L: number, l: number, a: number): number =>
  2 * L * (l * l) * Elementary.pow(a, 3)

/** EG, inexact start: deviation `<= min(4 delta^2 + (16 L^2 / (3 l^2)) T^2, 2 (1 + sqrt2)^(2 T) delta^2)` (B.10). */
export const extragradientDeviationOfStart = (
  l: number,
  L: number,
  delta: number,
  T: number,
): number =>
  Math.min(
    4 * (delta * delta) + ((16 * (L * L)) / (3 * (l * l))) * (T * T),
    2 * Elementary.pow(1 + Math.SQRT2, 2 * T) * (delta * delta),
  )

/** EG, inexact gradient: gap `<= l D^2 / T + 3 sqrt2 delta D` (B.11). */
export const extragradientGapOfGradient = (
  l: number,
  D: number,
  delta: number,
  T: number,
): number => extragradientGap(l, D, T) + 3 * Math.SQRT2 * delta * D

/** EG, inexact gradient: deviation `<= (128 delta^2 + 32 L^2) T^2 / (3 l^2) + 8 delta^2 / l^2` (B.11). */
export const extragradientDeviationOfGradient = (
  l: number,
  L: number,
  delta: number,
  T: number,
): number =>
  ((128 * (delta * delta) + 32 * (L * L)) * (T * T)) / (3 * (l * l)) +
  (8 * (delta * delta)) / (l * l)

/** Small-step EG, inexact start: gap `<= D^2 / (a T)`, deviation `<= 4 (L^2 + 1) delta^2` (B.12). */
export const smallStepOfStartBounds = (
  a: number,
  D: number,
  L: number,
  delta: number,
  T: number,
): { readonly gap: number; readonly deviation: number } => ({
  gap: (D * D) / (a * T),
  deviation: 4 * (L * L + 1) * (delta * delta),
})

/** Small-step EG, inexact gradient: gap `<= D^2 / (a T) + 3 sqrt2 delta D`, deviation `<= 8 (L^2 + 9) delta^2 (a T)^2` (B.13). */
export const smallStepOfGradientBounds = (
  a: number,
  D: number,
  L: number,
  delta: number,
  T: number,
): { readonly gap: number; readonly deviation: number } => ({
  gap: (D * D) / (a * T) + 3 * Math.SQRT2 * delta * D,
  deviation: 8 * (L * L + 9) * (delta * delta) * Elementary.square(a * T),
})

/** SGDA: weak gap `<= (l D^2 + (L^2 + delta^2) / (2 l)) eps` (Theorem 5.1). */
export const stochasticGap = (
  l: number,
  D: number,
  L: number,
  delta: number,
  eps: number,
): number => (l * (D * D) + (L * L + delta * delta) / (2 * l)) * eps

/** SGDA: expected deviation `<= (2 e / l^2) delta^2 / (eps^2 T)` (Theorem 5.1). */
export const stochasticDeviationBound = (
  l: number,
  delta: number,
  eps: number,
  T: number,
): number => ((2 * Math.E) / (l * l)) * ((delta * delta) / (eps * eps * T))

/**
 * Lipschitz constant of the gap on the set from the operator at one point, `|V(z_0)| + sqrt(players) l R`, R the reach of the set
 * from there. Derived here: a gap moves with x as `f(x, y')` does and with y as `f(x', y)` does, each at a point of its own.
 */
export const gapSlope = (atStart: number, l: number, R: number, players: 1 | 2): number =>
  atStart + Math.sqrt(players) * l * R
