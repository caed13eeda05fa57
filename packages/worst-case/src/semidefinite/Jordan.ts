/** Jordan products of vectors of the cone: symmetrised products of symmetric blocks, and products of numbers. */
import { eachBlock } from "./Problem.ts"
import * as Scaling from "./Scaling.ts"

/** point^2 as a vector of the cone. */
export const square = ({ orders, point, weights }: Scaling.Scaling): Float64Array => {
  const out = new Float64Array(orders.reduce((sum, n) => sum + n * n, weights.length))
  Scaling.placeDiagonal(
    orders,
    point.map((x) => x * x),
    out,
  )
  return out
}

/** Solution r of (point r + r point) / 2 = d. */
export const divide = ({ orders, point }: Scaling.Scaling, d: Float64Array): Float64Array => {
  const out = new Float64Array(d.length)
  let from = 0
  let end = 0
  eachBlock(orders, (offset, order) => {
    for (let i = 0; i < order; i++) {
      for (let j = 0; j < order; j++) {
        const k = offset + i * order + j
        out[k] = (2 * d[k]!) / (point[from + i]! + point[from + j]!)
      }
    }
    from += order
    end = offset + order * order
  })
  for (let i = end; i < d.length; i++) out[i] = d[i]! / point[from + i - end]!
  return out
}

/** (a b + b a) / 2 in each block, and products of numbers. */
export const jordan = (
  orders: ReadonlyArray<number>,
  a: Float64Array,
  b: Float64Array,
): Float64Array => {
  const out = new Float64Array(a.length)
  let end = 0
  eachBlock(orders, (offset, order) => {
    for (let i = 0; i < order; i++) {
      for (let j = 0; j <= i; j++) {
        let sum = 0
        for (let k = 0; k < order; k++) {
          sum += a[offset + i * order + k]! * b[offset + k * order + j]!
          sum += b[offset + i * order + k]! * a[offset + k * order + j]!
        }
        out[offset + i * order + j] = sum / 2
        out[offset + j * order + i] = sum / 2
      }
    }
    end = offset + order * order
  })
  for (let i = end; i < a.length; i++) out[i] = a[i]! * b[i]!
  return out
}
