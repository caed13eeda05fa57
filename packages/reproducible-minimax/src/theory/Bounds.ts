/**
 * Bounds on gaps, distances and squared deviations in minimisation, and from residuals (Zhang et al. 2023). Notation as in
 * Parameters; mu is the strong monotonicity or convexity, kappa = l / mu. As printed unless noted.
 */
import * as Elementary from "@nonconvex/numerics/Elementary"
import type { Inexact } from "./Regularised.ts"

/** GD with step 1 / l: `f(x_n) - f* <= l D^2 / (4 n + 2)`, tight on Huber functions. As recalled (Drori and Teboulle). */
export const gradientDescentGap = (l: number, D: number, n: number): number =>
  (l * D * D) / (4 * n + 2)

/** AGD: `f(x_n) - f* <= 2 l D^2 / (n^2 + 5 n + 6)`, tight on Huber functions, as PEPit documents it. */
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
 */
export const distanceFromResidual = (residual: number, delta: number, r: number): number =>
  (residual + delta) / r

/** Gap of an r-strongly convex objective from a residual, `(residual + delta)^2 / (2 r)`, on any set. Derived here. */
export const gapFromResidual = (residual: number, delta: number, r: number): number =>
  Elementary.square(residual + delta) / (2 * r)

/**
 * Gap after a projected gradient step of length 1 / L with exact gradients: `|g|^2 (1 / (2 r) - 1 / (2 L))` with g the gradient
 * mapping. Derived here.
 */
export const gapFromMapping = (mapping: number, r: number, L: number): number =>
  mapping * mapping * (1 / (2 * r) - 1 / (2 * L))

/** Algorithm 1, inexact start: deviation `<= 4 delta^2` (Theorem 3.3). */
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
