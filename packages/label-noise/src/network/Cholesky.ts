/** Cholesky factorisation of small dense matrices, without an arena: the systems here have one row per datum. */

/**
 * Factors A = L L^T in place, in the lower triangle. Returns -1, or the first column whose pivot is below `floor` times its
 * diagonal.
 */
export const factor = (a: Float64Array, n: number, floor = 0): number => {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const diagonal = a[i * n + i]!
      let value = a[i * n + j]!
      for (let p = 0; p < j; p++) value -= a[i * n + p]! * a[j * n + p]!
      if (j < i) a[i * n + j] = value / a[j * n + j]!
      else if (value > floor * diagonal) a[i * n + i] = Math.sqrt(value)
      else return i
    }
  }
  return -1
}

/** Solves L L^T x = b in place of b. */
export const solve = (l: Float64Array, n: number, b: Float64Array): void => {
  for (let i = 0; i < n; i++) {
    let value = b[i]!
    for (let p = 0; p < i; p++) value -= l[i * n + p]! * b[p]!
    b[i] = value / l[i * n + i]!
  }
  for (let i = n - 1; i >= 0; i--) {
    let value = b[i]!
    for (let p = i + 1; p < n; p++) value -= l[p * n + i]! * b[p]!
    b[i] = value / l[i * n + i]!
  }
}
