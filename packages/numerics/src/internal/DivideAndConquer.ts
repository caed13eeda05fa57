/**
 * Eigenvalues and eigenvectors of a symmetric tridiagonal matrix by divide and conquer.
 *
 * Source: Cuppen (1981), with the deflation of Dongarra and Sorensen (1987), organised as LAPACK's dlaed1 to dlaed3.
 */
import type { Workspace } from "../Workspace.ts"
import type { SpectralKernels } from "../kernels/SpectralKernels.ts"
import { both, deflated, lower, upper } from "./RankOneUpdate.ts"
import * as RankOneUpdate from "./RankOneUpdate.ts"
import { implicitQL } from "./TridiagonalQL.ts"

const epsilon = 2 ** -53
const leafSize = 16

/** Everything a merge needs; made once for the largest merge. */
interface Work {
  readonly update: RankOneUpdate.Work
  readonly leaf: Float64Array
  readonly weights: Float64Array
  /** Rows of q in ascending order of their value, for the pieces that merge now. */
  readonly order: Int32Array
  /** For the sort. */
  readonly scratch: Int32Array
  readonly kept: Int32Array
  readonly kind: Uint8Array
}

/**
 * Works in place, in one memory. `d` (n) becomes the eigenvalues, `e` (n - 1 used) is destroyed, and row i of `q` (n x n,
 * row-major) becomes the eigenvector of d[i]. Returns the order of the rows by ascending eigenvalue. Entries must be scaled
 * to at most about 1.
 */
export const solve = (
  d: Float64Array,
  e: Float64Array,
  n: number,
  q: Float64Array,
  space: Workspace,
  kernels: SpectralKernels,
): Int32Array => {
  if (n <= leafSize) return solveSmall(d, e, n, q)
  q.fill(0)
  const work: Work = {
    update: RankOneUpdate.work(n, space, kernels),
    leaf: new Float64Array(leafSize * leafSize),
    weights: new Float64Array(n),
    order: new Int32Array(n),
    scratch: new Int32Array(n),
    kept: new Int32Array(n),
    kind: new Uint8Array(n),
  }
  divide(d, e, n, q, 0, n, work)
  sortRows(d, work, 0, n)
  return work.order
}

/** Solves a problem of one leaf without allocating the arrays for merges, which would take longer than the problem. */
const solveSmall = (d: Float64Array, e: Float64Array, n: number, q: Float64Array): Int32Array => {
  q.fill(0)
  for (let i = 0; i < n; i++) q[i * n + i] = 1
  implicitQL(d, e, n, q)
  const order = new Int32Array(n)
  sortRows(d, { order, scratch: order }, 0, n)
  return order
}

/** Numbers of workspace that `solve` needs. */
export const doubles = RankOneUpdate.doubles

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
}

/** Sorts the rows lo .. hi by value into `order`, of equal ones the first row first. */
const sortRows = (
  d: Float64Array,
  { order, scratch }: Pick<Work, "order" | "scratch">,
  lo: number,
  hi: number,
): void => {
  for (let from = lo; from < hi; from += leafSize) {
    for (let i = from; i < Math.min(from + leafSize, hi); i++) {
      let at = i
      for (; at > from && d[order[at - 1]!]! > d[i]!; at--) order[at] = order[at - 1]!
      order[at] = i
    }
  }
  for (let width = leafSize; width < hi - lo; width *= 2) {
    for (let from = lo; from + width < hi; from += 2 * width) {
      const [middle, end] = [from + width, Math.min(from + 2 * width, hi)]
      for (let i = from; i < middle; i++) scratch[i] = order[i]!
      for (let i = from, left = from, right = middle; left < middle; i++) {
        const isRight = right < end && d[order[right]!]! < d[scratch[left]!]!
        order[i] = isRight ? order[right++]! : scratch[left++]!
      }
    }
  }
}

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
  const { kind, weights: z } = work
  // The rank-one term is |coupling| u u^T with |u|^2 = 2; z is its coordinates in the eigenvectors of the pieces, |z| = 1.
  const rho = 2 * Math.abs(coupling)
  const sign = coupling < 0 ? -Math.SQRT1_2 : Math.SQRT1_2
  let largest = rho
  for (let i = lo; i < hi; i++) {
    z[i] = i < middle ? Math.SQRT1_2 * q[i * n + middle - 1]! : sign * q[i * n + middle]!
    kind[i] = i < middle ? upper : lower
    largest = Math.max(largest, Math.abs(d[i]!))
  }
  sortRows(d, work, lo, hi)
  const count = deflate(d, z, rho, 8 * epsilon * largest, n, q, lo, hi, work)
  if (count > 0) {
    RankOneUpdate.apply(d, z, rho, n, q, lo, middle, hi, work.kept, work.kind, count, work.update)
  }
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
