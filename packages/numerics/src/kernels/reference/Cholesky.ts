/** A = L L^T in place on the lower triangle: the twin of `assembly/cholesky.ts`. */

/** Columns of a block of the sum, part of the contract. */
const block = 32

/** Returns -1, or the first column whose pivot is not positive. */
export const cholesky = (n: number, a: Float64Array): number => {
  for (let i = 0; i < n; i++) {
    const row = i * n
    for (let j = 0; j <= i; j++) {
      const other = j * n
      let value = a[row + j]!
      for (let p0 = 0; p0 < j; p0 += block) {
        const p1 = Math.min(j, p0 + block)
        let sum = 0
        for (let p = p0; p < p1; p++) sum += a[row + p]! * a[other + p]!
        value -= sum
      }
      if (j < i) a[row + j] = value / a[other + j]!
      else if (value > 0) a[row + j] = Math.sqrt(value)
      else return i
    }
  }
  return -1
}
