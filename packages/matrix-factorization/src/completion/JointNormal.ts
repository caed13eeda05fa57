/**
 * Missing coordinates by their expectation given the others, if rows are independent and normal. Mean and covariance are
 * estimated from the known coordinates by expectation-maximisation (Dempster, Laird and Rubin 1977, as recalled): each
 * column is regressed on whatever is known of the row.
 */
import type * as Kernels from "@nonconvex/numerics/Kernels"

/** Iterations at most, and the mean square change of what is filled at which they end. */
const [most, settled] = [60, 1e-6]

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

interface Filled {
  /** rows x width, with the expectation in place of NaN. */
  readonly cells: Float64Array
  /** Variance of each missing coordinate given the others; 0 for a known one. */
  readonly variances: Float64Array
}

/** Fills standardised coordinates. `shrinkage` counts as so many rows with unit variances and no covariances. */
export const expected = (
  given: Float64Array,
  width: number,
  shrinkage: number,
  kernels: Kernels.Kernels,
): Filled => {
  const rows = given.length / width
  const cells = given.map((value) => (Number.isNaN(value) ? 0 : value))
  const variances = new Float64Array(given.length)
  const mean = new Float64Array(width)
  const covariance = new Float64Array(width * width)
  const extra = new Float64Array(width * width)
  const precision = new Float64Array(width * width)
  const [small, work, step] = [
    new Float64Array(width * width),
    new Float64Array(width),
    new Float64Array(width),
  ]
  const missing = new Uint32Array(width)
  for (let a = 0; a < width; a++) covariance[a * width + a] = 1
  for (let round = 0; round < most; round++) {
    precision.set(covariance)
    factor(precision, width)
    invert(precision, width, work)
    extra.fill(0)
    let [change, holes] = [0, 0]
    for (let i = 0; i < rows; i++) {
      const start = i * width
      let m = 0
      for (let a = 0; a < width; a++) if (Number.isNaN(given[start + a]!)) missing[m++] = a
      if (m === 0) continue
      // the step from the current values solves the same system as the values do
      for (let s = 0; s < m; s++) {
        const row = missing[s]! * width
        let sum = 0
        for (let b = 0; b < width; b++) sum += precision[row + b]! * (cells[start + b]! - mean[b]!)
        step[s] = sum
        for (let t = 0; t < m; t++) small[s * m + t] = precision[row + missing[t]!]!
      }
      factor(small, m)
      invert(small, m, work)
      for (let s = 0; s < m; s++) {
        const a = missing[s]!
        let sum = 0
        for (let t = 0; t < m; t++) {
          sum += small[s * m + t]! * step[t]!
          extra[a * width + missing[t]!]! += small[s * m + t]!
        }
        cells[start + a]! -= sum
        variances[start + a] = small[s * m + s]!
        change += sum * sum
      }
      holes += m
    }
    mean.fill(0)
    for (let i = 0; i < cells.length; i += width) {
      for (let a = 0; a < width; a++) mean[a]! += cells[i + a]! / rows
    }
    kernels.syrk(true, width, rows, 1, cells, 0, covariance)
    for (let a = 0; a < width; a++) {
      for (let b = 0; b < width; b++) {
        const at = a * width + b
        const own = covariance[at]! - rows * mean[a]! * mean[b]! + extra[at]!
        covariance[at] = (own + (a === b ? shrinkage : 0)) / (rows + shrinkage)
      }
    }
    if (round > 0 && change <= settled * holes) break
  }
  return { cells, variances }
}
