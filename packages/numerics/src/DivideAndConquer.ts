/**
 * Eigenvalues and eigenvectors of a symmetric tridiagonal matrix by divide and conquer.
 *
 * Source: Cuppen (1981), with the deflation of Dongarra and Sorensen (1987) and the recomputed weights of Gu and Eisenstat
 * (1994), which make the vectors orthogonal however close the eigenvalues are; organised as LAPACK's dlaed1-dlaed3. Ours: rows
 * of `q` hold the eigenvectors, vectors of the merged problem are formed in panels, so that beside `q` only half a matrix of
 * workspace is needed.
 */
import type { Workspace } from "./kernels/Arena.ts"
import type { SpectralKernels } from "./kernels/SpectralKernels.ts"
import * as Secular from "./Secular.ts"
import { implicitQL } from "./TridiagonalQL.ts"

const epsilon = 2 ** -53
const leafSize = 25
const panelRows = 64

/** Everything a merge needs; made once for the largest merge. */
interface Work {
  readonly kernels: SpectralKernels
  readonly leaf: Float64Array
  readonly compact: Float64Array
  readonly panel: Float64Array
  /** Poles, weights, recomputed weights and root offsets of the deflated problem. */
  readonly poles: Float64Array
  readonly weights: Float64Array
  readonly exactWeights: Float64Array
  readonly tau: Float64Array
  readonly merged: Float64Array
  readonly origin: Int32Array
  /** Rows of q in ascending order of their value, for the pieces of the current level. */
  readonly order: Int32Array
  readonly scratch: Int32Array
  readonly kept: Int32Array
  readonly kind: Uint8Array
}

/**
 * In place, all in one memory: `d` (n) becomes the eigenvalues, `e` (n - 1 used) is destroyed, row i of `q` (n x n, row-major) becomes the
 * eigenvector of d[i]; returned is the order of the rows by ascending eigenvalue. Entries must be scaled to at most about 1.
 */
export const solve = (
  d: Float64Array,
  e: Float64Array,
  n: number,
  q: Float64Array,
  space: Workspace,
  kernels: SpectralKernels,
): Int32Array => {
  q.fill(0)
  const compact = n <= leafSize ? 0 : n * (n - (n >> 1))
  const panel = n <= leafSize ? 0 : Math.min(n, panelRows) * n
  const work: Work = {
    kernels,
    leaf: new Float64Array(leafSize * leafSize),
    compact: space.f64(compact),
    panel: space.f64(panel),
    poles: new Float64Array(n),
    weights: new Float64Array(n),
    exactWeights: new Float64Array(n),
    tau: new Float64Array(n),
    merged: new Float64Array(n),
    origin: new Int32Array(n),
    order: new Int32Array(n),
    scratch: new Int32Array(n),
    kept: new Int32Array(n),
    kind: new Uint8Array(n),
  }
  divide(d, e, n, q, 0, n, work)
  return work.order
}

/** Numbers that `solve` takes from its space. */
export const doubles = (n: number): number => n * (n - (n >> 1)) + panelRows * n

const divide = (
  d: Float64Array,
  e: Float64Array,
  n: number,
  q: Float64Array,
  lo: number,
  hi: number,
  work: Work,
): void => {
  if (hi - lo <= leafSize) {
    solveLeaf(d, e, n, q, lo, hi, work)
    return
  }
  const middle = (lo + hi) >> 1
  const coupling = e[middle - 1]!
  const rho = Math.abs(coupling)
  d[middle - 1] = d[middle - 1]! - rho
  d[middle] = d[middle]! - rho
  divide(d, e, n, q, lo, middle, work)
  divide(d, e, n, q, middle, hi, work)
  merge(d, coupling, n, q, lo, middle, hi, work)
}

const solveLeaf = (
  d: Float64Array,
  e: Float64Array,
  n: number,
  q: Float64Array,
  lo: number,
  hi: number,
  work: Work,
): void => {
  const size = hi - lo
  const rows = work.leaf
  rows.fill(0)
  for (let i = 0; i < size; i++) rows[i * size + i] = 1
  implicitQL(d.subarray(lo, hi), e.subarray(lo, hi), size, rows)
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) q[(lo + i) * n + lo + j] = rows[i * size + j]!
  }
  for (let i = lo; i < hi; i++) work.order[i] = i
  sortRows(d, work.order, lo, hi)
}

/** Insertion sort: leaves are small and nearly sorted. */
const sortRows = (d: Float64Array, order: Int32Array, lo: number, hi: number): void => {
  for (let i = lo + 1; i < hi; i++) {
    const row = order[i]!
    const value = d[row]!
    let j = i - 1
    for (; j >= lo && d[order[j]!]! > value; j--) order[j + 1] = order[j]!
    order[j + 1] = row
  }
}

/** Merges the two ascending runs order[lo, middle) and order[middle, hi) by value. */
const mergeRuns = (
  d: Float64Array,
  order: Int32Array,
  scratch: Int32Array,
  lo: number,
  middle: number,
  hi: number,
): void => {
  let i = lo
  let j = middle
  for (let k = lo; k < hi; k++) {
    const first = j >= hi || (i < middle && d[order[i]!]! <= d[order[j]!]!)
    scratch[k] = first ? order[i++]! : order[j++]!
  }
  for (let k = lo; k < hi; k++) order[k] = scratch[k]!
}

/** Kinds of a row: support in the upper piece only, in both, in the lower only; deflated. */
const upper = 0
const both = 1
const lower = 2
const deflated = 3

const merge = (
  d: Float64Array,
  coupling: number,
  n: number,
  q: Float64Array,
  lo: number,
  middle: number,
  hi: number,
  work: Work,
): void => {
  const { order, kind, weights: z } = work
  // The rank-one term is |coupling| u u^T with |u|^2 = 2; z is its coordinates in the eigenvectors of the pieces, |z| = 1.
  const rho = 2 * Math.abs(coupling)
  const sign = coupling < 0 ? -Math.SQRT1_2 : Math.SQRT1_2
  let largest = rho
  for (let i = lo; i < hi; i++) {
    z[i] = i < middle ? Math.SQRT1_2 * q[i * n + middle - 1]! : sign * q[i * n + middle]!
    kind[i] = i < middle ? upper : lower
    largest = Math.max(largest, Math.abs(d[i]!))
  }
  mergeRuns(d, order, work.scratch, lo, middle, hi)
  const count = deflate(d, z, rho, 8 * epsilon * largest, n, q, lo, hi, work)
  if (count > 0) rankOne(d, rho, n, q, lo, middle, hi, count, work)
  // Deflated values and new roots: each ascending but for the rotations, so a full pass is due.
  for (let i = lo; i < hi; i++) order[i] = i
  sortByValue(d, order.subarray(lo, hi))
}

const sortByValue = (d: Float64Array, rows: Int32Array): void => {
  rows.sort((i, j) => d[i]! - d[j]!)
}

/** Marks deflated rows, rotates nearly equal pairs apart; the rows kept go to work.kept, ascending; returns their number. */
const deflate = (
  d: Float64Array,
  z: Float64Array,
  rho: number,
  tolerance: number,
  n: number,
  q: Float64Array,
  lo: number,
  hi: number,
  work: Work,
): number => {
  const { order, kind, kept } = work
  let count = 0
  let previous = -1
  for (let position = lo; position < hi; position++) {
    const row = order[position]!
    if (rho * Math.abs(z[row]!) <= tolerance) {
      kind[row] = deflated
      continue
    }
    if (previous >= 0) {
      const s0 = z[previous]!
      const c0 = z[row]!
      const length = Math.sqrt(s0 * s0 + c0 * c0)
      const c = c0 / length
      const s = -s0 / length
      const gap = d[row]! - d[previous]!
      if (Math.abs(gap * c * s) <= tolerance) {
        z[row] = length
        z[previous] = 0
        if (kind[row] !== kind[previous]) kind[row] = both
        rotate(q, previous * n, row * n, lo, hi, c, s)
        const [first, second] = [d[previous]!, d[row]!]
        d[previous] = first * c * c + second * s * s
        d[row] = first * s * s + second * c * c
        kind[previous] = deflated
        previous = row
        continue
      }
      kept[count++] = previous
    }
    previous = row
  }
  if (previous >= 0) kept[count++] = previous
  return count
}

const rotate = (
  q: Float64Array,
  first: number,
  second: number,
  lo: number,
  hi: number,
  c: number,
  s: number,
): void => {
  for (let k = lo; k < hi; k++) {
    const x = q[first + k]!
    const y = q[second + k]!
    q[first + k] = c * x + s * y
    q[second + k] = c * y - s * x
  }
}

/** Solves the deflated problem diag(poles) + rho z z^T and replaces the kept rows of q and values of d. */
const rankOne = (
  d: Float64Array,
  rho: number,
  n: number,
  q: Float64Array,
  lo: number,
  middle: number,
  hi: number,
  count: number,
  work: Work,
): void => {
  const { kept, kind, poles, weights, exactWeights, tau, origin, merged, compact, panel } = work
  for (let i = 0; i < count; i++) {
    poles[i] = d[kept[i]!]!
    merged[i] = weights[kept[i]!]!
  }
  for (let j = 0; j < count; j++) origin[j] = Secular.root(poles, merged, count, rho, j, tau)
  recomputeWeights(poles, merged, origin, tau, count, exactWeights)

  // Columns of the panel in the order upper, both, lower: two dense products then use each row only where it is not zero.
  const { column, upperCount, lowerStart } = arrange(kept, kind, count, work.scratch)
  const widthUpper = middle - lo
  const widthLower = hi - middle
  const lowerAt = upperCount * widthUpper
  for (let i = 0; i < count; i++) {
    const row = kept[i]! * n
    const place = column[i]!
    if (place < upperCount) {
      const to = place * widthUpper
      for (let k = 0; k < widthUpper; k++) compact[to + k] = q[row + lo + k]!
    }
    if (place >= lowerStart) {
      const to = lowerAt + (place - lowerStart) * widthLower
      for (let k = 0; k < widthLower; k++) compact[to + k] = q[row + middle + k]!
    }
  }
  for (let from = 0; from < count; from += panelRows) {
    const rows = Math.min(panelRows, count - from)
    for (let r = 0; r < rows; r++) {
      fillVector(
        poles,
        exactWeights,
        count,
        origin[from + r]!,
        tau[from + r]!,
        column,
        panel,
        r * count,
      )
    }
    // New rows are consecutive in the panel, but go to rows kept[from + r] of q: products into a contiguous target, then copies.
    scatterProduct(
      work.kernels,
      q,
      n,
      lo,
      kept,
      from,
      rows,
      panel,
      0,
      count,
      upperCount,
      compact,
      0,
      widthUpper,
    )
    scatterProduct(
      work.kernels,
      q,
      n,
      middle,
      kept,
      from,
      rows,
      panel,
      lowerStart,
      count,
      count - lowerStart,
      compact,
      lowerAt,
      widthLower,
    )
  }
  for (let j = 0; j < count; j++) d[kept[j]!] = poles[origin[j]!]! + tau[j]!
}

const scatterProduct = (
  kernels: SpectralKernels,
  q: Float64Array,
  n: number,
  columnAt: number,
  kept: Int32Array,
  from: number,
  rows: number,
  panel: Float64Array,
  panelAt: number,
  panelStride: number,
  depth: number,
  compact: Float64Array,
  compactAt: number,
  width: number,
): void => {
  for (let r = 0; r < rows;) {
    // Runs of consecutive target rows take one product each.
    let run = 1
    while (r + run < rows && kept[from + r + run] === kept[from + r]! + run) run++
    const target = kept[from + r]! * n + columnAt
    const row = r * panelStride + panelAt
    kernels.product(
      false,
      false,
      run,
      width,
      depth,
      1,
      panel,
      row,
      panelStride,
      compact,
      compactAt,
      width,
      0,
      q,
      target,
      n,
    )
    r += run
  }
}

/** Places of the kept rows in the order upper, both, lower. */
const arrange = (kept: Int32Array, kind: Uint8Array, count: number, column: Int32Array) => {
  const sizes = [0, 0, 0]
  for (let i = 0; i < count; i++) sizes[kind[kept[i]!]!] = sizes[kind[kept[i]!]!]! + 1
  const next = [0, sizes[upper]!, sizes[upper]! + sizes[both]!]
  for (let i = 0; i < count; i++) {
    const k = kind[kept[i]!]!
    column[i] = next[k]!
    next[k] = next[k]! + 1
  }
  return { column, upperCount: sizes[upper]! + sizes[both]!, lowerStart: sizes[upper]! }
}

/** The weights for which the computed roots are exact (Loewner's formula), with the signs of the given ones. */
const recomputeWeights = (
  poles: Float64Array,
  z: Float64Array,
  origin: Int32Array,
  tau: Float64Array,
  count: number,
  out: Float64Array,
): void => {
  for (let i = 0; i < count; i++) {
    const pole = poles[i]!
    let product = pole - poles[origin[i]!]! - tau[i]!
    for (let j = 0; j < count; j++) {
      if (j !== i) product *= (pole - poles[origin[j]!]! - tau[j]!) / (pole - poles[j]!)
    }
    const size = Math.sqrt(Math.abs(product))
    out[i] = z[i]! < 0 ? -size : size
  }
}

/** The unit eigenvector of one root, its coordinate i in place column[i]. */
const fillVector = (
  poles: Float64Array,
  z: Float64Array,
  count: number,
  origin: number,
  tau: number,
  column: Int32Array,
  out: Float64Array,
  outAt: number,
): void => {
  const pole = poles[origin]!
  let squares = 0
  for (let i = 0; i < count; i++) {
    const value = z[i]! / (poles[i]! - pole - tau)
    squares += value * value
    out[outAt + column[i]!] = value
  }
  const factor = 1 / Math.sqrt(squares)
  for (let i = 0; i < count; i++) out[outAt + i] = out[outAt + i]! * factor
}
