/** Directional sharpness of the steps of a run, from the gradients or their products. */
import * as Vector from "@nonconvex/numerics/Vector"
import * as Theory from "../theory/index.ts"

/** Gradients of two consecutive steps, in one of two forms. */
export interface Gradients {
  /** Gradient on the same samples at every step, as for the loss; the monitor keeps a copy for the next step. */
  readonly gradient?: Float64Array
  /** Alternative to the gradient: `|g_t|^2` and `g_(t-1) . g_t` on one batch, and `|g_(t-1)|^2` if the batch is new. */
  readonly products?: {
    readonly squaredNorm: number
    readonly withPrevious: number
    readonly previousSquaredNorm?: number
  }
}

const fresh = () => ({
  gradient: undefined as Float64Array | undefined,
  squaredNorm: Number.NaN,
  /** Inner product of the last two gradients. */
  product: Number.NaN,
})

/** State of a meter: plain data. */
export type MeterState = ReturnType<typeof fresh>

/** A meter of the steps of an optimizer with this momentum. */
export const sharpnessMeter = (momentum: number) => {
  const state = fresh()

  const advance = (before: number, product: number, squaredNorm: number): number | undefined => {
    const earlier = momentum === 0 ? 0 : state.product
    state.product = product
    state.squaredNorm = squaredNorm
    return before > 0 && !Number.isNaN(earlier)
      ? Theory.directionalSharpness(before, product, momentum, earlier)
      : undefined
  }

  return {
    state,
    /** The sharpness of the step that led to these gradients; undefined with too few gradients. Momentum needs three in a row. */
    observe: ({ gradient, products }: Gradients) => {
      if (products !== undefined) {
        const { previousSquaredNorm = state.squaredNorm, squaredNorm, withPrevious } = products
        return advance(previousSquaredNorm, withPrevious, squaredNorm)
      }
      if (gradient === undefined) return advance(Number.NaN, Number.NaN, Number.NaN)
      const squaredNorm = Vector.dot(gradient, gradient)
      const previous = state.gradient
      if (previous?.length !== gradient.length) {
        state.gradient = gradient.slice()
        return advance(Number.NaN, Number.NaN, squaredNorm)
      }
      const sharpness = advance(state.squaredNorm, Vector.dot(previous, gradient), squaredNorm)
      previous.set(gradient)
      return sharpness
    },
  }
}
