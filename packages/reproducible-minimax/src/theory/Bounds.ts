/**
 * Bounds on gaps, distances and squared deviations in minimisation, and from residuals (Zhang et al. 2023). Notation as in Parameters;
 * mu is the strong monotonicity or convexity, kappa = l / mu. As printed where nothing else is said.
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

/**
 * Width of the Huber function on which the bound on GD is attained after n steps from 1. Derived here.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Theory } from "@nonconvex/reproducible-minimax"
 *
 * Theory.gradientDescentHuberWidth(2) // => 0.2
 * ```
 */
export const gradientDescentHuberWidth = (n: number): number => 1 / (2 * n + 1)

/**
 * Width of the Huber function on which the bound on AGD is attained after n steps from 1. Derived here.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Theory } from "@nonconvex/reproducible-minimax"
 *
 * Theory.acceleratedHuberWidth(1) // ≈ 0.3333
 * ```
 */
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
 *
 * @example
 * ```ts import.meta.vitest
 * import { Theory } from "@nonconvex/reproducible-minimax"
 *
 * // 1 / 2 - 1 / 4
 * Theory.gapFromMapping(1, 1, 2) // => 0.25
 * ```
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

/**
 * Algorithm 1, inexact gradient: gap `<= 6 delta^2 D^3 sqrt(l / (2 eps^3)) + eps / 2` (Theorem 3.5).
 *
 * @example
 * ```ts import.meta.vitest
 * import { Theory } from "@nonconvex/reproducible-minimax"
 *
 * // 6 sqrt(16 / (2 * 8)) + 2 / 2
 * Theory.minimisationGapOfGradient(2, 1, 1, 16) // ≈ 7.000
 * ```
 */
export const minimisationGapOfGradient = (
  eps: number,
  delta: number,
  D: number,
  l: number,
): number =>
  6 * (delta * delta) * Elementary.pow(D, 3) * Math.sqrt(l / (2 * Elementary.pow(eps, 3))) + eps / 2

/**
 * Algorithm 1, inexact gradient: deviation `<= 48 delta^2 sqrt(l / (2 r^5))` (Theorem 3.5).
 *
 * @example
 * ```ts import.meta.vitest
 * import { Theory } from "@nonconvex/reproducible-minimax"
 *
 * // 48 * 0.01 sqrt(2 / 2)
 * Theory.minimisationDeviationOfGradient(0.1, 2, 1) // ≈ 0.4800
 * ```
 */
export const minimisationDeviationOfGradient = (delta: number, l: number, r: number): number =>
  48 * (delta * delta) * Math.sqrt(l / (2 * Elementary.pow(r, 5)))

/**
 * Inexact-AGD: `f(x_T) - f* <= e^(-T / (2 sqrt(kappa))) (f(x_0) - f* + (mu / 4) |x_0 - x*|^2) + sqrt(kappa) (1 / l + 2 / mu)
 * delta^2` (Proposition 3.4).
 *
 * @example
 * ```ts import.meta.vitest
 * import { Theory } from "@nonconvex/reproducible-minimax"
 *
 * // 2 / e + 3 * 0.01
 * Theory.inexactAcceleratedGap({ gap: 1, distance: 2 }, { l: 1, mu: 1, delta: 0.1, T: 2 }) // ≈ 0.7658
 * ```
 */
export const inexactAcceleratedGap = (
  initial: { readonly gap: number; readonly distance: number },
  { delta, l, mu, T }: Inexact,
): number => {
  const root = Math.sqrt(l / mu)
  const start = initial.gap + (mu / 4) * (initial.distance * initial.distance)
  return Elementary.exp(-T / (2 * root)) * start + root * (1 / l + 2 / mu) * (delta * delta)
}
