/** Cholesky factors and inverses of small symmetric positive definite matrices, row-major, in place. */

/** Replaces the lower triangle of `a` by its Cholesky factor; a pivot that is not positive is taken as `least`. */
export const factor = (a: Float64Array, n: number, least = 1e-12): void => {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = a[i * n + j]!
      for (let k = 0; k < j; k++) sum -= a[i * n + k]! * a[j * n + k]!
      a[i * n + j] = i === j ? Math.sqrt(Math.max(least, sum)) : sum / a[j * n + j]!
    }
  }
}

/** Replaces a factor by the inverse of its matrix, both triangles; `work` has n entries. */
export const invert = (a: Float64Array, n: number, work: Float64Array): void => {
  // the inverse of the factor, in the lower triangle
  for (let j = 0; j < n; j++) {
    a[j * n + j] = 1 / a[j * n + j]!
    for (let i = j + 1; i < n; i++) {
      let sum = 0
      for (let k = j; k < i; k++) sum -= a[i * n + k]! * a[k * n + j]!
      a[i * n + j] = sum / a[i * n + i]!
    }
  }
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0
      for (let k = i; k < n; k++) sum += a[k * n + i]! * a[k * n + j]!
      work[j] = sum
    }
    for (let j = 0; j <= i; j++) a[j * n + i] = work[j]!
  }
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) a[i * n + j] = a[j * n + i]!
}
