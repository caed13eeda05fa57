/**
 * Lower bounds for any method, with constants. Tables 1 and 2 (Zhang et al. 2023, as printed) give only the orders; the
 * constants are derived here. They hold for methods whose points are linear combinations of the start and the gradients so
 * far, on problems of sufficient dimension. The worst spectra are the extremal points of a Chebyshev polynomial. A `p` of
 * degree n with `p(0) = 1` has `|s p(s^2)| >= 1 / (2 n + 1)` somewhere on [0, 1]. `hardness` is `l D^2 / eps`.
 */
import * as Elementary from "@nonconvex/numerics/Elementary"

/**
 * Number of gradients needed for a gap of eps on a smooth convex function at distance D from a minimiser: a quadratic keeps
 * `l D^2 / (2 (2 n + 1)^2)` after n. The exact number is nearly three times as large (Drori 2017, as recalled).
 */
export const minimisationGradientsAtLeast = (hardness: number): number =>
  Math.max(0, (Math.sqrt(hardness / 2) - 1) / 2)

/**
 * Number of operator evaluations needed for a duality gap of eps if each player has a ball of diameter D. A bilinear game
 * keeps `l (D / 2)^2 / (2 m + 1)` while one player has seen m informative gradients, one in two evaluations.
 */
export const minimaxGradientsAtLeast = (hardness: number): number => Math.max(0, hardness / 4 - 1)

/**
 * Squared distance of two runs with gradient errors delta, for a method of fixed step sizes that guarantees a gap of eps:
 * `((l D^2 / (2 eps) - 1) delta / l)^2`. To overcome half of a slope of `2 eps / D`, its steps must sum to at least
 * `(hardness / 4 - 1 / 2) / l`. Opposite errors separate two runs by twice that. GD attains it after `hardness / 4 - 1 / 2`
 * steps.
 */
export const deviationOfGradientAtLeast = (hardness: number, delta: number, l: number): number =>
  Elementary.square(Math.max(0, hardness / 2 - 1) * (delta / l))

/** Squared distance of two runs whose starts are delta apart: if the gradient is zero, they do not move. */
export const deviationOfStartAtLeast = (delta: number): number => delta * delta

/**
 * Mean squared distance of two runs of T gradients each, whose errors have variance delta^2. For any method that guarantees
 * an expected gap of eps on a set of diameter D it is at least `2 (D^2 / (16 eps))^2 delta^2 / T`. For slopes of `4 eps / D`
 * in either direction the mean of the answer lies in the outer quarters of the set. In between, it therefore moves by `D^2 /
 * (16 eps)` per unit of slope for some slope. With T Gaussian errors the Cramer-Rao bound gives the variance. Holds for
 * minimisation, and therefore for games. SGDA has the same order (Theorem 5.1). In the limit of small noise the empirical
 * minimiser, regularised by `8 eps / D^2`, attains it.
 */
export const deviationOfNoiseAtLeast = (eps: number, delta: number, D: number, T: number): number =>
  (2 * Elementary.square(((D * D) / (16 * eps)) * delta)) / T
