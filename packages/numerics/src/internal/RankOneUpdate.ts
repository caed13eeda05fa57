/**
 * Eigenvectors of diag(d) + rho z z^T in the basis of the rows of q: the merge of divide and conquer.
 *
 * Source: Gu and Eisenstat (1994): weights recomputed from the roots make the vectors orthogonal however close the eigenvalues are.
 * Ours: vectors are formed in panels, so that only half a matrix of workspace is needed in addition to `q`.
 */
import type { Workspace } from "../Workspace.ts"
import type { SpectralKernels } from "../kernels/SpectralKernels.ts"
import * as Secular from "./Secular.ts"

/** Kinds of a row of q: support in the upper piece only, in both, in the lower only; deflated. */
export const upper = 0
export const both = 1
export const lower = 2
export const deflated = 3

const panelRows = 64

export interface Work {
  readonly kernels: SpectralKernels
  /** Nonzero parts of the kept rows. */
  readonly compact: Float64Array
  /** Vectors of the rank-one problem, and the new rows made from them. */
  readonly panel: Float64Array
  readonly rows: Float64Array
  readonly poles: Float64Array
  readonly weights: Float64Array
  readonly exactWeights: Float64Array
  /** Root j is poles[origin[j]] + tau[j]. */
  readonly tau: Float64Array
  readonly origin: Int32Array
  /** Position of each kept row in the order upper, both, lower. */
  readonly place: Int32Array
}

/** Numbers of workspace that `work` needs. */
export const doubles = (n: number): number => n * (n - (n >> 1)) + 2 * Math.min(n, panelRows) * n

/** Workspace for merges of up to n rows. */
export const work = (n: number, space: Workspace, kernels: SpectralKernels): Work => ({
  kernels,
  compact: space.f64(n * (n - (n >> 1))),
  panel: space.f64(Math.min(n, panelRows) * n),
  rows: space.f64(Math.min(n, panelRows) * n),
  poles: new Float64Array(n),
  weights: new Float64Array(n),
  exactWeights: new Float64Array(n),
  tau: new Float64Array(n),
  origin: new Int32Array(n),
  place: new Int32Array(n),
})

/**
 * Solves the rank-one problem with weights z and rho > 0. Replaces the `count` rows `kept` of q (columns lo to hi, pieces meeting
 * at middle, row stride n) and their values in d. Rows of `kept` come in ascending order of d, well separated, weights not zero.
 */
export const apply = (
  d: Float64Array,
  z: Float64Array,
  rho: number,
  n: number,
  q: Float64Array,
  lo: number,
  middle: number,
  hi: number,
  kept: Int32Array,
  kind: Uint8Array,
  count: number,
  held: Work,
): void => {
  const { kernels, poles, weights, tau, origin, place, compact, panel, rows } = held
  for (let i = 0; i < count; i++) {
    poles[i] = d[kept[i]!]!
    weights[i] = z[kept[i]!]!
  }
  for (let j = 0; j < count; j++) origin[j] = Secular.root(poles, weights, count, rho, j, tau)
  recomputeWeights(held, count)

  // In the order upper, both, lower two dense products use each row only where it is not zero.
  const upperOnly = arrange(kept, kind, count, upper, 0, place)
  const upperEnd = arrange(kept, kind, count, both, upperOnly, place)
  arrange(kept, kind, count, lower, upperEnd, place)
  const width = hi - lo
  const upperWidth = middle - lo
  const lowerWidth = hi - middle
  const lowerAt = upperEnd * upperWidth
  for (let i = 0; i < count; i++) {
    const row = kept[i]! * n
    const to = place[i]!
    if (to < upperEnd) copy(q, row + lo, upperWidth, compact, to * upperWidth)
    if (to >= upperOnly) {
      copy(q, row + middle, lowerWidth, compact, lowerAt + (to - upperOnly) * lowerWidth)
    }
  }
  const below = count - upperOnly
  for (let from = 0; from < count; from += panelRows) {
    const size = Math.min(panelRows, count - from)
    for (let r = 0; r < size; r++) fillVector(held, count, from + r, r * count)
    kernels.product(
      false,
      false,
      size,
      upperWidth,
      upperEnd,
      1,
      panel,
      0,
      count,
      compact,
      0,
      upperWidth,
      0,
      rows,
      0,
      width,
    )
    kernels.product(
      false,
      false,
      size,
      lowerWidth,
      below,
      1,
      panel,
      upperOnly,
      count,
      compact,
      lowerAt,
      lowerWidth,
      0,
      rows,
      upperWidth,
      width,
    )
    for (let r = 0; r < size; r++) copy(rows, r * width, width, q, kept[from + r]! * n + lo)
  }
  for (let j = 0; j < count; j++) d[kept[j]!] = poles[origin[j]!]! + tau[j]!
}

const copy = (from: Float64Array, at: number, length: number, to: Float64Array, toAt: number) => {
  for (let k = 0; k < length; k++) to[toAt + k] = from[at + k]!
}

/** Places the rows of one kind from `next` on; returns the place after the last. */
const arrange = (
  kept: Int32Array,
  kind: Uint8Array,
  count: number,
  which: number,
  next: number,
  place: Int32Array,
): number => {
  let free = next
  for (let i = 0; i < count; i++) if (kind[kept[i]!] === which) place[i] = free++
  return free
}

/** Weights for which the computed roots are exact (Loewner's formula), with the signs of the given ones. */
const recomputeWeights = ({ poles, weights, exactWeights, origin, tau }: Work, count: number) => {
  for (let i = 0; i < count; i++) {
    const pole = poles[i]!
    let product = pole - poles[origin[i]!]! - tau[i]!
    for (let j = 0; j < count; j++) {
      if (j !== i) product *= (pole - poles[origin[j]!]! - tau[j]!) / (pole - poles[j]!)
    }
    const size = Math.sqrt(Math.abs(product))
    exactWeights[i] = weights[i]! < 0 ? -size : size
  }
}

/** The unit eigenvector of root j into the panel at `to`, its coordinate i at place[i]. */
const fillVector = (
  { poles, exactWeights, origin, tau, place, panel }: Work,
  count: number,
  j: number,
  to: number,
): void => {
  const pole = poles[origin[j]!]!
  const offset = tau[j]!
  let squares = 0
  for (let i = 0; i < count; i++) {
    const value = exactWeights[i]! / (poles[i]! - pole - offset)
    squares += value * value
    panel[to + place[i]!] = value
  }
  const factor = 1 / Math.sqrt(squares)
  for (let i = 0; i < count; i++) panel[to + i] = panel[to + i]! * factor
}
