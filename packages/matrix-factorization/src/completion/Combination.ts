/** The mean of several predictions with the least square error: its weights are not negative and sum to 1. */

/** Inner products of the errors of each two of `count` predictions, which is all that the weights depend on. */
export type Products = Float64Array

export const productsOf = (errors: ReadonlyArray<Float64Array>): Products => {
  const count = errors.length
  const out = new Float64Array(count * count)
  for (let a = 0; a < count; a++) {
    for (let b = 0; b <= a; b++) {
      let sum = 0
      const [one, other] = [errors[a]!, errors[b]!]
      for (let i = 0; i < one.length; i++) sum += one[i]! * other[i]!
      out[a * count + b] = sum
      out[b * count + a] = sum
    }
  }
  return out
}

/** Sum of the squared errors of a combination. */
export const squaredError = (products: Products, weights: Float64Array): number => {
  const count = weights.length
  let sum = 0
  for (let a = 0; a < count; a++) {
    for (let b = 0; b < count; b++) sum += weights[a]! * weights[b]! * products[a * count + b]!
  }
  return sum
}

/** Sweeps over the pairs at most. */
const most = 200

/** Weights of least squared error, by exact moves between pairs of them. */
export const weightsOf = (products: Products, count: number): Float64Array => {
  const weights = new Float64Array(count).fill(1 / count)
  const gradient = (a: number) => {
    let sum = 0
    for (let b = 0; b < count; b++) sum += products[a * count + b]! * weights[b]!
    return sum
  }
  for (let sweep = 0; sweep < most; sweep++) {
    let moved = 0
    for (let a = 0; a < count; a++) {
      for (let b = 0; b < a; b++) {
        const curvature =
          products[a * count + a]! + products[b * count + b]! - 2 * products[a * count + b]!
        if (curvature <= 0) continue
        const wanted = (gradient(b) - gradient(a)) / curvature
        const step = Math.max(-weights[a]!, Math.min(weights[b]!, wanted))
        weights[a]! += step
        weights[b]! -= step
        moved = Math.max(moved, Math.abs(step))
      }
    }
    if (moved < 1e-6) break
  }
  return weights
}
