/**
 * Singular values and vectors by one-sided Jacobi rotations, accurate even for small singular values.
 *
 * Source: Hestenes (1958) with the ordering of de Rijk (1989). The guarantee (Demmel and Veselic 1992): let A = B D with D
 * diagonal and m >= n (A = D B for m < n). Every singular value has a relative error of a small multiple of n ulp times the
 * condition number of B with unit columns (rows), however badly D scales them. Methods based on bidiagonalisation lose the
 * values below one ulp of the largest. Columns (rows) smaller than 2^-1000 of the largest entry count as zero.
 */
import * as Kernels from "./Kernels.ts"
import { plainLoops, type VectorKernels } from "./kernels/VectorKernels.ts"
import { views } from "./internal/Orthonormalise.ts"
import * as Require from "./Require.ts"
import { finiteMaxAbs } from "./internal/SpectralScaling.ts"
import { powerOfTwoNear } from "./Scaling.ts"
import * as Vector from "./Vector.ts"

const epsilon = 2 ** -52
const negligible = 2 ** -1000
/** Ten sweeps are typical. */
const sweepLimit = 60

/** A = sum over j of values[j] u_j v_j^T with k = min(m, n) terms. */
interface Svd {
  /** Descending, not negative. */
  readonly values: Float64Array
  /** Orthonormal left vectors: u_j is `left.subarray(j * m, (j + 1) * m)`. */
  readonly left: Float64Array
  /** Orthonormal right vectors: v_j is `right.subarray(j * n, (j + 1) * n)`. */
  readonly right: Float64Array
  /** "budget": 60 sweeps were not enough; never seen on finite input. */
  readonly status: "converged" | "budget"
}

/**
 * The thin singular value decomposition of a row-major m x n matrix, which is not modified.
 *
 * Residuals and orthogonality are within 50 ulp times max(m, n) of the norm. Throws InvalidInput on a wrong length and on
 * entries that are not finite, and ArenaFull without memory for a copy of the matrix.
 *
 * @example
 * ```ts import.meta.vitest
 * import * as Svd from "@nonconvex/numerics/Svd"
 *
 * const { left, right, values } = Svd.decompose(Float64Array.of(3, 0, 0, 0, 2, 0), 2, 3)
 * values // => Float64Array.of(3, 2)
 * left.length // => 4
 * right.length // => 6
 * ```
 */
export const decompose = (
  a: Float64Array,
  m: number,
  n: number,
  kernels: Kernels.Kernels = Kernels.standard(),
): Svd => {
  const shape = check("Svd.decompose", a, m, n)
  const { count, length, scale, turned } = shape
  return using(kernels, length, (length + count) * count, (fresh, vectors) => {
    const columns = load(a, shape, fresh)
    const turns = views(fresh(count * count), count, count)
    turns.forEach((unit, j) => (unit[j] = 1))
    const { norms, status } = orthogonalise(columns, turns, vectors)
    const [long, short] = [new Float64Array(count * length), new Float64Array(count * count)]
    const order = descending(norms)
    let rank = 0
    order.forEach((from, to) => {
      short.set(turns[from]!, to * count)
      if (norms[from] === 0) return
      Vector.normalise(columns[from]!)
      long.set(columns[from]!, to * length)
      rank++
    })
    complete(long, length, rank, count)
    const values = Float64Array.from(order, (from) => norms[from]! * scale)
    return turned
      ? { values, left: short, right: long, status }
      : { values, left: long, right: short, status }
  })
}

/**
 * Singular values only, descending; throws as decompose.
 *
 * @example
 * ```ts import.meta.vitest
 * import * as Svd from "@nonconvex/numerics/Svd"
 *
 * Svd.singularValues(Float64Array.of(3, 0, 0, 4), 2, 2) // ≈ [4.000, 3.000]
 * ```
 */
export const singularValues = (
  a: Float64Array,
  m: number,
  n: number,
  kernels: Kernels.Kernels = Kernels.standard(),
): Float64Array => {
  const shape = check("Svd.singularValues", a, m, n)
  return using(kernels, shape.length, shape.length * shape.count, (fresh, vectors) => {
    const { norms } = orthogonalise(load(a, shape, fresh), [], vectors)
    return Float64Array.from(descending(norms), (from) => norms[from]! * shape.scale)
  })
}

/** `count` columns of A of this length, or its rows where those are fewer (`turned`). */
interface Shape {
  readonly turned: boolean
  readonly count: number
  readonly length: number
  readonly columnsOfA: number
  readonly scale: number
}

const check = (operation: string, a: Float64Array, m: number, n: number): Shape => {
  Require.count(operation, "m", m, 0)
  Require.count(operation, "n", n, 0)
  Require.length(operation, "a", a.length, m * n)
  const scale = powerOfTwoNear(finiteMaxAbs(operation, "a", a))
  const turned = m < n
  return { turned, count: turned ? m : n, length: turned ? n : m, columnsOfA: n, scale }
}

type Fresh = (length: number) => Float64Array

/** Shorter columns are rotated as fast by plain loops, which need no arena. */
const smallest = 64

/** Runs `use` with zeroed arrays (`doubles` numbers in total) and loops for them; both kinds of memory give the same bits. */
const using = <A>(
  kernels: Kernels.Kernels,
  length: number,
  doubles: number,
  use: (fresh: Fresh, vectors: VectorKernels) => A,
): A => {
  if (length < smallest) return use((size) => new Float64Array(size), plainLoops)
  const own = Kernels.withRoom(kernels, 8 * doubles)
  return own.arena.scoped((space) => use((size) => space.f64(size), own))
}

/** The scaled columns. */
const load = (
  a: Float64Array,
  { columnsOfA, count, length, scale, turned }: Shape,
  fresh: Fresh,
): Array<Float64Array> => {
  const factor = 1 / scale
  const columns = views(fresh(count * length), length, count)
  columns.forEach((column, j) => {
    for (let i = 0; i < length; i++) {
      column[i] = a[turned ? j * columnsOfA + i : i * columnsOfA + j]! * factor
    }
  })
  return columns
}

const descending = (norms: Float64Array): ReadonlyArray<number> =>
  Array.from(norms.keys()).toSorted((i, j) => norms[j]! - norms[i]!)

/** Rotates pairs of columns until all are orthogonal; `turns` (or nothing) gets the same rotations. */
const orthogonalise = (
  columns: Array<Float64Array>,
  turns: Array<Float64Array>,
  { dot, norm, rotate }: VectorKernels,
): { norms: Float64Array; status: Svd["status"] } => {
  const count = columns.length
  const norms = Float64Array.from(columns, norm)
  // What rounding may have put into each column: a column that is no larger is zero, and rotating noise would never end.
  const noise = new Float64Array(count)
  const tolerance = epsilon * Math.sqrt(count === 0 ? 0 : columns[0]!.length)
  for (let sweep = 0; sweep < sweepLimit; sweep++) {
    let rotations = 0
    for (let p = 0; p < count; p++) {
      bringLargest(columns, turns, norms, noise, p)
      if (norms[p]! < negligible) {
        // All that follow are at most as large.
        for (let q = p; q < count; q++) {
          columns[q]!.fill(0)
          norms[q] = 0
        }
        break
      }
      for (let q = p + 1; q < count; q++) {
        if (norms[q]! < negligible) continue
        const cosine = correlation(dot, columns[p]!, columns[q]!, norms[p]!, norms[q]!)
        if (Math.abs(cosine) <= tolerance) continue
        rotations++
        const t = tangent(norms[q]! / norms[p]!, cosine)
        const c = 1 / Math.sqrt(1 + t * t)
        const s = c * t
        rotate(c, s, columns[p]!, columns[q]!)
        if (turns.length > 0) rotate(c, s, turns[p]!, turns[q]!)
        const noiseP = noise[p]! + epsilon * norms[p]!
        const noiseQ = noise[q]! + epsilon * norms[q]!
        noise[p] = mixed(c * noiseP, s * noiseQ)
        noise[q] = mixed(s * noiseP, c * noiseQ)
        norms[p] = norm(columns[p]!)
        norms[q] = norm(columns[q]!)
        if (norms[q]! <= noise[q]!) {
          columns[q]!.fill(0)
          norms[q] = 0
        }
      }
    }
    if (rotations === 0) return { norms, status: "converged" }
  }
  return { norms, status: "budget" }
}

/**
 * Size of the sum of two errors, as for orthogonal vectors, since a rotation keeps the sum of the squares. The sum of the
 * sizes would grow by up to sqrt(2) with every rotation. After a hundred rotations it would classify real columns as noise.
 */
const mixed = (a: number, b: number): number => {
  const [x, y] = [Math.abs(a), Math.abs(b)]
  const large = Math.max(x, y)
  if (large === 0) return 0
  const ratio = Math.min(x, y) / large
  return large * Math.sqrt(1 + ratio * ratio)
}

/** Tangent of the rotation that makes two columns orthogonal, from the ratio of their norms (<= 1) and their cosine. */
const tangent = (ratio: number, cosine: number): number => {
  // The quadratic term is below one ulp, and its terms could overflow.
  if (ratio < 1e-9) return -cosine * ratio
  const zeta = Math.abs((1 / ratio - ratio) / (2 * cosine))
  // This sign makes the larger column larger, also where both are equal.
  return (cosine > 0 ? -1 : 1) / (zeta + Math.sqrt(1 + zeta * zeta))
}

/** De Rijk's pivoting: moves the largest remaining column to position p. */
const bringLargest = (
  columns: Array<Float64Array>,
  turns: Array<Float64Array>,
  norms: Float64Array,
  noise: Float64Array,
  p: number,
): void => {
  let at = p
  for (let q = p + 1; q < norms.length; q++) if (norms[q]! > norms[at]!) at = q
  if (at === p) return
  ;[columns[p], columns[at]] = [columns[at]!, columns[p]!]
  ;[norms[p], norms[at]] = [norms[at]!, norms[p]!]
  ;[noise[p], noise[at]] = [noise[at]!, noise[p]!]
  if (turns.length > 0) [turns[p], turns[at]] = [turns[at]!, turns[p]!]
}

/** The cosine of the angle between two columns, safe from underflow. */
const correlation = (
  dot: VectorKernels["dot"],
  a: Float64Array,
  b: Float64Array,
  normA: number,
  normB: number,
): number => {
  const product = normA * normB
  if (product > 1e-280) return dot(a, b) / product
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += (a[i]! / normA) * (b[i]! / normB)
  return sum
}

/** Completes `rank` orthonormal vectors of the given length, stored one after another, to `count` vectors. */
const complete = (vectors: Float64Array, length: number, rank: number, count: number): void => {
  const covered = new Float64Array(length)
  const view = (j: number) => vectors.subarray(j * length, (j + 1) * length)
  for (let j = 0; j < rank; j++) view(j).forEach((x, i) => (covered[i] = covered[i]! + x * x))
  for (let j = rank; j < count; j++) {
    // The coordinate that the vectors so far cover least is the one furthest from their span.
    let at = 0
    for (let i = 1; i < length; i++) if (covered[i]! < covered[at]!) at = i
    const v = view(j)
    v[at] = 1
    for (let pass = 0; pass < 2; pass++) {
      for (let k = 0; k < j; k++) Vector.axpy(-Vector.dot(view(k), v), view(k), v)
    }
    Vector.normalise(v)
    v.forEach((x, i) => (covered[i] = covered[i]! + x * x))
  }
}
