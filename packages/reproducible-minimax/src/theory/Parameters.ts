/**
 * Steps, strengths, accuracies and counts of iterations of the algorithms (Zhang et al. 2023, section 3 to 5 and appendices).
 *
 * Notation: l is the smoothness, eps the gap, r the strength of the regularisation, T the iterations. D is the diameter (of
 * each player's set; in minimisation the distance from the start to a minimiser). delta is the error of the oracle or the
 * distance of the starts. Logarithms are those of Elementary, so that every machine takes the same number of steps.
 */
import * as Elementary from "@nonconvex/numerics/Elementary"

const { log } = Elementary

/** Number of iterations, an integer of at least 1. */
const count = (value: number): number => Math.max(1, Math.ceil(value))

/** r = eps / D^2, of Algorithms 1 and 2, as printed. */
export const regularisation = (eps: number, D: number): number => eps / (D * D)

/** Accuracy of Algorithm 1 with an inexact start: `(eps / 2) min(1, delta^2 / (4 D^2))`, as printed. */
export const minimisationAccuracyOfStart = (eps: number, delta: number, D: number): number =>
  (eps / 2) * Math.min(1, (delta * delta) / (4 * D * D))

/** Accuracy of Algorithm 1 with an inexact gradient: `6 delta^2 D^3 sqrt(l / (2 eps^3))`, as printed (Theorem 3.5). */
export const minimisationAccuracyOfGradient = (
  eps: number,
  delta: number,
  D: number,
  l: number,
): number =>
  6 * (delta * delta) * Elementary.pow(D, 3) * Math.sqrt(l / (2 * Elementary.pow(eps, 3)))

/** Bound on `F_r(x_0) - F_r* + (r / 2) D^2` without constraints: `(l / 2 + r) D^2`. Derived here. */
export const initialGap = (l: number, D: number, r: number): number => (l / 2 + r) * D * D

/**
 * Steps of AGD on the regularised objective: `ceil(sqrt((l + r) / r) ln(initial / accuracy))`, as recalled of Nesterov's method.
 */
export const acceleratedSteps = (l: number, r: number, initial: number, accuracy: number): number =>
  count(Math.sqrt((l + r) / r) * log(initial / accuracy))

/** Steps of Inexact-AGD: `ceil(2 sqrt(2 l / r) ln(initial / (delta^2 sqrt(l / (2 r^3)))))`, as printed (Theorem 3.5). */
export const inexactAcceleratedSteps = (
  l: number,
  r: number,
  initial: number,
  delta: number,
): number =>
  count(
    2 *
      Math.sqrt((2 * l) / r) *
      log(initial / (delta * delta * Math.sqrt(l / (2 * Elementary.pow(r, 3))))),
  )

/** Accuracy, as a VI residual, of Algorithm 2 with an inexact start: `eps min(1, delta^2 / (8 D^2))`, as printed. */
export const minimaxAccuracyOfStart = (eps: number, delta: number, D: number): number =>
  eps * Math.min(1, (delta * delta) / (8 * D * D))

/**
 * Steps of extragradient on the regularised game until a half step has VI residual `accuracy`: `16 (l + r) / r
 * ln(15 (l + r) D^2 / accuracy)`. Derived here.
 *
 * By Lemma 4.5 without error, `|z_T - z*|^2 <= e^(-T / (8 kappa)) 2 D^2`. A half step w of length `1 / (2 (l + r))` is
 * within `(5 / 2) |z - z*|` of z. Its residual is at most `3 (l + r) |z - w|`, and the VI residual at most sqrt2 D times
 * that.
 */
export const extragradientSteps = (l: number, r: number, D: number, accuracy: number): number =>
  count(((16 * (l + r)) / r) * log((15 * (l + r) * D * D) / accuracy))

/** Steps of Algorithm 2 with an inexact gradient: `32 (l / r) ln(r D / delta)`, as printed. */
export const inexactExtragradientSteps = (l: number, r: number, D: number, delta: number): number =>
  count(((32 * l) / r) * log((r * D) / delta))

/** Outer steps of Algorithm 3 with an inexact start, `ceil(l D^2 / eps)`, as printed. */
export const proximalStepsOfStart = (l: number, D: number, eps: number): number =>
  count((l * D * D) / eps)

/** Outer steps of Algorithm 3 with an inexact gradient, `ceil(2 l D^2 / eps)`, as printed. */
export const proximalStepsOfGradient = (l: number, D: number, eps: number): number =>
  count((2 * l * D * D) / eps)

/** VI residual of each subproblem of Algorithm 3 with an inexact start: `delta^2 l / (2 T^2)`, as printed. */
export const proximalAccuracy = (l: number, delta: number, T: number): number =>
  (delta * delta * l) / (2 * T * T)

/** GDA steps of size `1 / (16 l)` on each subproblem of Algorithm 3: `ceil(32 ln(8 l^2 D^2 / (3 delta^2)))`, as printed. */
export const proximalInnerSteps = (l: number, D: number, delta: number): number =>
  count(32 * log((8 * l * l * D * D) / (3 * delta * delta)))

/**
 * beta of the correction `Pi(z - G(z) / beta)` at the end of Algorithms 2 and 3: twice the smoothness of the subproblem, as
 * Lemma C.5 requires. Corrected: printed as 2 l, which is too small for both (l + r and 2 l).
 */
export const correction = (smoothness: number): number => 2 * smoothness

/** Step of GDA, `1 / (l sqrt(T))`, as printed. */
export const descentAscentStep = (l: number, T: number): number => 1 / (l * Math.sqrt(T))

/** Step of SGDA, `1 / (l eps T)`, for `T >= 1 / eps^2`, as printed. */
export const stochasticStep = (l: number, eps: number, T: number): number => 1 / (l * eps * T)

/** Cube root by Newton's method from above: Math.cbrt is not specified bit for bit. */
const cubeRoot = (x: number): number => {
  let y = Math.max(1, x)
  for (;;) {
    const next = (2 * y + x / (y * y)) / 3
    if (!(next < y)) return y
    y = next
  }
}

/** Small step of extragradient for an inexact start: `min(1 / l, (delta / (2 l^2 T))^(1/3))`, as printed (B.12). */
export const smallStepOfStart = (l: number, delta: number, T: number): number =>
  Math.min(1 / l, cubeRoot(delta / (2 * l * l * T)))

/** Small step of extragradient for an inexact gradient: `min(1 / l, sqrt(delta / (2 l^2)))`, as printed (B.13). */
export const smallStepOfGradient = (l: number, delta: number): number =>
  Math.min(1 / l, Math.sqrt(delta / (2 * l * l)))
