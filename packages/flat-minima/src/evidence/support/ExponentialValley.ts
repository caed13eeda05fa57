import * as Elementary from "@nonconvex/numerics/Elementary"
import { type SampleModel, squareLossModel } from "../../problems/SampleModel.ts"

/**
 * `e^(c x) |y|^2 / 2` with y in R^k, as a model of k samples with square loss, and `padding` further coordinates without effect.
 * The point is x, y, padding. Its limit map is known: `Theory.exponentialValley`.
 */
export const exponentialValley = (options: {
  readonly rate: number
  readonly width: number
  readonly padding?: number
}): SampleModel => {
  const { padding = 0, rate, width } = options
  return squareLossModel({
    name: "exponential valley",
    dimension: 1 + width + padding,
    size: width,
    predictionGradient: (i, x, gradient) => {
      // the mean over k samples is the sum with each loss multiplied by k
      const root = Math.sqrt(width) * Elementary.exp(0.5 * rate * x[0]!)
      const y = x[1 + i]!
      gradient.fill(0)
      gradient[0] = 0.5 * rate * root * y
      gradient[1 + i] = root
      return root * y
    },
  })
}
