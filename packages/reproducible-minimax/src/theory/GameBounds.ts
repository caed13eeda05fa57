/**
 * Bounds on gaps and squared deviations of descent and ascent and of extragradient in games (Zhang et al. 2023). Notation as
 * in Parameters; L bounds |V| on the set. As printed unless noted.
 */
import * as Elementary from "@nonconvex/numerics/Elementary"

/** GDA: gap of the average `<= (l D^2 + L^2 / (2 l)) / sqrt(T)` (Lemma B.4). */
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

/** EG with step 1 / l: gap of the averaged half steps `<= l D^2 / T` (Lemma B.8). */
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
 * Lipschitz constant of the gap on the set, from the operator at one point: `|V(z_0)| + sqrt(players) l R`, where R is the
 * largest distance in the set from there. Derived here: the gap varies with x as `f(x, y')` and with y as `f(x', y)`, each
 * at another point.
 */
export const gapSlope = (atStart: number, l: number, R: number, players: 1 | 2): number =>
  atStart + Math.sqrt(players) * l * R
