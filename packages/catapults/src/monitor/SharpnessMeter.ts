/** Directional sharpness of the steps of a run, from the gradients or their products. */
import * as Vector from "@nonconvex/numerics/Vector"
import * as Theory from "../theory/index.ts"

/** The gradients of two steps in a row, in one form or the other. */
export interface Gradients {
  /** On the same samples at every step, like the loss; the monitor keeps a copy for the next step. */
  readonly gradient?: Float64Array
  /** In place of the gradient: `|g_t|^2` and `g_(t-1) . g_t` on one batch, and `|g_(t-1)|^2` where that batch is a new one. */
  readonly products?: {
    readonly squaredNorm: number
    readonly withPrevious: number
    readonly previousSquaredNorm?: number
  }
}

/**
 * A meter: told of every step, it returns the sharpness of the step that led there, where there is enough to tell. With momentum that
 * takes three gradients in a row.
 */
export const sharpnessMeter = (
  momentum: number,
): ((gradients: Gradients) => number | undefined) => {
  let previous: Float64Array | undefined
  let previousSquaredNorm = Number.NaN
  let previousProduct = Number.NaN

  const next = (before: number, product: number, squaredNorm: number): number | undefined => {
    const earlier = momentum === 0 ? 0 : previousProduct
    previousProduct = product
    previousSquaredNorm = squaredNorm
    return before > 0 && !Number.isNaN(earlier)
      ? Theory.directionalSharpness(before, product, momentum, earlier)
      : undefined
  }

  return ({ gradient, products }) => {
    if (products !== undefined) {
      const { previousSquaredNorm: before = previousSquaredNorm, squaredNorm } = products
      return next(before, products.withPrevious, squaredNorm)
    }
    if (gradient === undefined) return next(Number.NaN, Number.NaN, Number.NaN)
    const squaredNorm = Vector.dot(gradient, gradient)
    if (previous?.length !== gradient.length) {
      previous = gradient.slice()
      return next(Number.NaN, Number.NaN, squaredNorm)
    }
    const value = next(previousSquaredNorm, Vector.dot(previous, gradient), squaredNorm)
    previous.set(gradient)
    return value
  }
}
