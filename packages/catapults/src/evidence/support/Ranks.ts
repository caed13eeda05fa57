/** Ranks and their correlation, for orders that should agree. */
import * as Require from "@nonconvex/numerics/Require"

/** Ranks from 0, the mean rank among equals. */
const ranks = (values: ReadonlyArray<number>): ReadonlyArray<number> =>
  values.map((value) => {
    const below = values.filter((other) => other < value).length
    const equal = values.filter((other) => other === value).length
    return below + (equal - 1) / 2
  })

/** Spearman's rank correlation; NaN where one side is constant. Throws InvalidInput on different lengths. */
export const spearman = (x: ReadonlyArray<number>, y: ReadonlyArray<number>): number => {
  Require.length("spearman", "y", y.length, x.length)
  const [a, b] = [ranks(x), ranks(y)]
  const middle = (x.length - 1) / 2
  let [product, left, right] = [0, 0, 0]
  for (let i = 0; i < x.length; i++) {
    const [u, v] = [a[i]! - middle, b[i]! - middle]
    product += u * v
    left += u * u
    right += v * v
  }
  return product / Math.sqrt(left * right)
}
