/** Guard against false minima: points at which only the perturbed gradient vanishes. */
export interface FalseMinimumGuard {
  /** Number of consecutive steps at which the perturbed gradient was far shorter than the gradient. */
  streak: number
  /** Largest ratio `|grad L(w)| / |grad L(w_a)|` within the streak. */
  ratio: number
}

export interface FalseMinimumOptions {
  /** Ratio of the gradient norm to the perturbed one from which on a step counts; default 100. */
  readonly factor?: number
  /** Steps in a row; default 10. */
  readonly patience?: number
}

/**
 * A guard before the first step; it is data, and part of a run's state.
 *
 * @example
 * ```ts import.meta.vitest
 * import { falseMinimumGuard, seesFalseMinimum } from "@nonconvex/optim-sam"
 *
 * const guard = falseMinimumGuard()
 * seesFalseMinimum(guard, 1, 0.001) // => false
 * guard // => { streak: 1, ratio: 1000 }
 * ```
 */
export const falseMinimumGuard = (): FalseMinimumGuard => ({ streak: 0, ratio: 0 })

/**
 * Records the norms of the two gradients of a step, and returns whether to warn. It warns if the gradient was at least
 * `factor` times as long as the perturbed gradient for `patience` consecutive steps.
 *
 * A point with `grad L(w_a) = 0` and `grad L(w) != 0` is a fixed point of SAM but not a critical point of the loss. Derived here;
 * known as a hallucinated minimiser. A few plain steps leave it.
 */
export const seesFalseMinimum = (
  guard: FalseMinimumGuard,
  gradientNorm: number,
  perturbedGradientNorm: number,
  options: FalseMinimumOptions = {},
): boolean => {
  const { factor = 100, patience = 10 } = options
  if (gradientNorm > 0 && perturbedGradientNorm * factor <= gradientNorm) {
    guard.streak++
    guard.ratio = Math.max(guard.ratio, gradientNorm / perturbedGradientNorm)
  } else {
    guard.streak = 0
    guard.ratio = 0
  }
  return guard.streak >= patience
}
