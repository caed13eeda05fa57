import { Draw } from "@nonconvex/evidence"

export const runs = Draw.record({
  learningRate: Draw.logarithmic(0.1, 0.01),
  /** `eta (y0^2 - x0^2)` at the start, where `x0 = y0 / 2`. */
  gamma: Draw.oneOf(2, 1, 4),
  radius: Draw.logarithmic(0.3, 0.03),
})

export type Run = Draw.Drawn<typeof runs>

export const startOf = ({ gamma, learningRate }: Run): Float64Array => {
  const y = Math.sqrt(gamma / (0.75 * learningRate))
  return Float64Array.of(y / 2, y)
}
