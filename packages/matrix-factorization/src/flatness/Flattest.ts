/** Flattest factorisations of a given matrix in closed form. */
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Kernels from "@nonconvex/numerics/Kernels"
import * as Require from "@nonconvex/numerics/Require"
import * as Svd from "@nonconvex/numerics/Svd"
import * as Vector from "@nonconvex/numerics/Vector"
import { invalid } from "@nonconvex/numerics/InvalidInput"
import { powerOfTwoNear } from "@nonconvex/numerics/Scaling"
import * as Factorisation from "../factorisation/Factorisation.ts"
import * as Matrix from "../internal/Matrix.ts"
import type { Measurements } from "../measurements/Measurements.ts"
import { traceNorm, UnseenDirections } from "./TraceNorm.ts"

/** The singular values of a matrix above rounding, with its singular vectors as rows of length d_L and d_0. */
const singularTerms = (
  operation: string,
  m: Float64Array,
  shape: Factorisation.Shape,
  kernels: Kernels.Kernels,
) => {
  const { columns, rows, widths } = shape
  Require.vector(operation, "m", m, rows * columns)
  const { left, right, values } = Svd.decompose(m, rows, columns, kernels)
  const rank = Matrix.rank(values)
  const narrowest = Math.min(...widths.slice(1, -1))
  if (narrowest < rank) {
    invalid(operation, "every hidden width must be at least the rank of the matrix", {
      width: narrowest,
      rank,
    })
  }
  return { values, left, right, rank }
}

/**
 * Factorisation in which hidden unit k carries the k-th term of the singular value decomposition `U Sigma V'`. `W_1` is V',
 * `W_L` is U and the layers between are the identity, each times `factor(j, sigma_k)`. Hidden units beyond the rank are
 * zero.
 */
const alongSingularVectors = (
  shape: Factorisation.Shape,
  { left, rank, right, values }: ReturnType<typeof singularTerms>,
  factor: (j: number, value: number) => number,
): Float64Array => {
  const { columns, depth, rows, widths } = shape
  const out = new Float64Array(shape.dimension)
  for (let j = 1; j <= depth; j++) {
    const part = Factorisation.layer(shape, out, j)
    for (let k = 0; k < rank; k++) {
      const scale = factor(j, values[k]!)
      if (j === 1) {
        for (let c = 0; c < columns; c++) part[k * columns + c] = scale * right[k * columns + c]!
      } else if (j === depth) {
        const width = widths[depth - 1]!
        for (let r = 0; r < rows; r++) part[r * width + k] = scale * left[k * rows + r]!
      } else part[k * widths[j - 1]! + k] = scale
    }
  }
  return out
}

/**
 * Flattest factorisation of M (rows x columns) for measurements whose second moment is the identity, by the singular value
 * decomposition of M. Its sharpness is `Theory.inducedIsotropic` (derived here; claim
 * matrix-factorization/isotropic-attained). Zeros for M = 0. Throws InvalidInput on a matrix of another size or not finite,
 * and on a hidden width below the rank.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Factorisation, flattestIsotropic } from "@nonconvex/matrix-factorization"
 *
 * const shape = Factorisation.shape([2, 2, 2])
 * const layers = flattestIsotropic(shape, Float64Array.of(4, 0, 0, 1))
 * Factorisation.endToEnd(shape, layers) // ≈ [4.000, 0.000, 0.000, 1.000]
 * ```
 */
export const flattestIsotropic = (
  shape: Factorisation.Shape,
  m: Float64Array,
  kernels: Kernels.Kernels = Kernels.standard(),
): Float64Array => {
  const { columns, depth, rows } = shape
  const parts = singularTerms("flattestIsotropic", m, shape, kernels)
  if (parts.rank === 0) return new Float64Array(shape.dimension)
  const nuclear = parts.values.reduce((sum, value) => sum + value, 0)
  // T_j is the same for every layer; in logarithms, for the powers can overflow
  const logTau =
    (Elementary.log(columns * rows) + 2 * (depth - 1) * Elementary.log(nuclear)) / depth
  const logFirst = (Elementary.log(columns * nuclear) - logTau) / 2
  const logStep = Elementary.log(nuclear) - logTau / 2
  return alongSingularVectors(shape, parts, (j, value) => {
    if (j === 1) return Elementary.exp(logFirst) * Math.sqrt(value)
    if (j < depth) return Elementary.exp(logStep)
    return Math.sqrt(value) * Elementary.exp(-logFirst - (depth - 2) * logStep)
  })
}

/**
 * The factorisation of M with the least weight decay `sum_j |W_j|_F^2`: `W_j = Sigma^(1/L)` between the singular vectors (derived here;
 * claim matrix-factorization/least-weight-decay). Throws as `flattestIsotropic`.
 */
export const balanced = (
  shape: Factorisation.Shape,
  m: Float64Array,
  kernels: Kernels.Kernels = Kernels.standard(),
): Float64Array =>
  alongSingularVectors(shape, singularTerms("balanced", m, shape, kernels), (_, value) =>
    Elementary.pow(value, 1 / shape.depth),
  )

/**
 * Flattest factorisation of M in two layers, for any measurements that cover every direction. From `B_1^(1/2) M B_2^(1/2) =
 * U Sigma V'` (see `traceNorm`) it is `W_2 = B_1^(-1/2) U Sigma^(1/2)`, `W_1 = Sigma^(1/2) V' B_2^(-1/2)`. Derived here;
 * claim matrix-factorization/two-layer-trace-norm.
 *
 * Throws UnseenDirections if B_1 or B_2 is singular, and InvalidInput on other depths and on a hidden width below the rank.
 */
export const flattestTwoLayers = (
  measurements: Measurements,
  shape: Factorisation.Shape,
  m: Float64Array,
): Float64Array => {
  if (shape.depth !== 2) {
    invalid("flattestTwoLayers", "the shape must have two layers", { depth: shape.depth })
  }
  const { columns, rows } = shape
  const { given: kernels } = measurements
  const width = shape.widths[1]!
  const norm = traceNorm(measurements)
  if (norm.unseenRows + norm.unseenColumns > 0) {
    throw new UnseenDirections({ rows: norm.unseenRows, columns: norm.unseenColumns })
  }
  const weighted = balanced(shape, norm.weighted(m), kernels)
  const [w1, w2] = Factorisation.layers(shape, weighted)
  return Factorisation.join(shape, [
    Matrix.multiply(w1!, norm.inverseRight, width, columns, columns, kernels),
    Matrix.multiply(norm.inverseLeft, w2!, rows, rows, width, kernels),
  ])
}

/**
 * Flattest factorisation of an invertible M for one invertible measurement A, all square. From `(A'M)^(L-1) A' = U Sigma V'`
 * it is `W_j = R_j R_(j-1)^-1` with `R_0 = I`, `R_j = Sigma^(-j/L) U' (A'M)^j` and `R_L = M`. Derived here; claim
 * matrix-factorization/single-measurement.
 *
 * Throws InvalidInput unless every width is the same and there is one measurement. It also throws if `(A'M)^(L-1) A'` is
 * singular or has a condition number of 1e12 or more, since its small singular values would be rounding errors.
 */
export const flattestSingle = (
  measurements: Measurements,
  shape: Factorisation.Shape,
  m: Float64Array,
): Float64Array => {
  const { columns: n, depth, widths } = shape
  const { given: kernels } = measurements
  if (measurements.count !== 1 || widths.some((width) => width !== n)) {
    invalid("flattestSingle", "there must be exactly one measurement, and square layers", {
      measurements: measurements.count,
      narrowest: Math.min(...widths),
      widest: Math.max(...widths),
    })
  }
  Require.vector("flattestSingle", "m", m, n * n)
  const a = measurements.matrices()
  // no multiple of A changes the layers: this one keeps powers of A'M in range
  const [unitA, unitM] = [powerOfTwoNear(Vector.maxAbs(a)), powerOfTwoNear(Vector.maxAbs(m))]
  const transposed = Matrix.transpose(
    a.map((value) => value / unitA / unitM),
    n,
    n,
  )
  const step = Matrix.multiply(transposed, m, n, n, n, kernels)
  const powers = [Matrix.identity(n)]
  for (let j = 1; j < depth; j++)
    powers.push(Matrix.multiply(powers[j - 1]!, step, n, n, n, kernels))
  const { left, values } = Svd.decompose(
    Matrix.multiply(powers[depth - 1]!, transposed, n, n, n, kernels),
    n,
    n,
    kernels,
  )
  if (!(values[n - 1]! > Matrix.nullTolerance * values[0]!)) {
    const condition = values[n - 1]! > 0 ? values[0]! / values[n - 1]! : Number.POSITIVE_INFINITY
    invalid(
      "flattestSingle",
      "(A'M)^(L-1) A' must have a condition number below 1e12; gaugeDescent has no such limit",
      { condition, depth },
    )
  }
  const prefix = (j: number): Float64Array => {
    if (j === 0) return Matrix.identity(n)
    if (j === depth) return m
    // rows of `left` are the columns of U
    const scaled = left.map(
      (value, at) => value * Elementary.pow(values[Math.floor(at / n)]!, -j / depth),
    )
    return Matrix.multiply(scaled, powers[j]!, n, n, n, kernels)
  }
  return Factorisation.join(
    shape,
    Array.from({ length: depth }, (_, k) =>
      Matrix.multiply(prefix(k + 1), Matrix.inverse(prefix(k), n, kernels), n, n, n, kernels),
    ),
  )
}
