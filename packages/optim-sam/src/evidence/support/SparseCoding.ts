import * as Elementary from "@nonconvex/numerics/Elementary"
import { gaussian, mulberry32 } from "@nonconvex/numerics/Mulberry32"
import type { FiniteSum } from "@nonconvex/problems/Objective"
import { everyIndex } from "@nonconvex/problems/Samples"

const dimension = 100
const samples = 200
const signal = 6

/** Every sample in float64: `x = signal * y * e_j + noise`, its label y. */
const draw = () => {
  const uniform = mulberry32(21)
  const normal = gaussian(uniform)
  const features = new Float64Array(samples * dimension)
  const labels = new Float64Array(samples)
  for (let s = 0; s < samples; s++) {
    labels[s] = uniform() < 0.5 ? -1 : 1
    const active = Math.floor(uniform() * dimension)
    for (let i = 0; i < dimension; i++) features[s * dimension + i] = normal()
    features[s * dimension + active]! += signal * labels[s]!
  }
  return { features, labels }
}

/**
 * The detector `f(x) = a- sum_i relu(b - x_i) + a+ sum_i relu(b + x_i)` under the logistic loss, over `(a-, a+, b)`.
 *
 * A clearly negative threshold b means that it has learned to ignore the noise. The setting is ours, after the case study of
 * the paper (as recalled).
 */
export const sparseCoding = (): { readonly objective: FiniteSum; readonly start: Float64Array } => {
  const { features, labels } = draw()
  const everySample = everyIndex(samples)
  const batchValueAndGradient = (
    indices: Uint32Array,
    point: Float64Array,
    gradient: Float64Array,
  ): number => {
    const minus = point[0]!
    const plus = point[1]!
    const b = point[2]!
    let value = 0
    let slopeMinus = 0
    let slopePlus = 0
    let slopeB = 0
    for (const s of indices) {
      let sumMinus = 0
      let sumPlus = 0
      let countMinus = 0
      let countPlus = 0
      for (let i = s * dimension; i < (s + 1) * dimension; i++) {
        const x = features[i]!
        if (b - x > 0) {
          sumMinus += b - x
          countMinus++
        }
        if (b + x > 0) {
          sumPlus += b + x
          countPlus++
        }
      }
      const label = labels[s]!
      const marginal = label * (minus * sumMinus + plus * sumPlus)
      // log(1 + exp(-m)) and its slope, without overflow
      const tail = Elementary.exp(-Math.abs(marginal))
      value += Elementary.log1p(tail) + Math.max(0, -marginal)
      const slope = -label * (marginal > 0 ? tail / (1 + tail) : 1 / (1 + tail))
      slopeMinus += slope * sumMinus
      slopePlus += slope * sumPlus
      slopeB += slope * (minus * countMinus + plus * countPlus)
    }
    gradient[0] = slopeMinus / indices.length
    gradient[1] = slopePlus / indices.length
    gradient[2] = slopeB / indices.length
    return value / indices.length
  }
  return {
    objective: {
      name: "sparse coding",
      dimension: 3,
      constants: {},
      size: samples,
      batchValueAndGradient,
      valueAndGradient: (point, gradient) => batchValueAndGradient(everySample, point, gradient),
    },
    start: Float64Array.of(-0.01, 0.01, 0),
  }
}
