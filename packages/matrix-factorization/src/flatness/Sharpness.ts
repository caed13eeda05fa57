/** The trace of the Hessian of a deep factorisation, layer by layer, and its gradient. Exact at every point. */
import * as Require from "@nonconvex/numerics/Require"
import * as Vector from "@nonconvex/numerics/Vector"
import * as Factorisation from "../factorisation/Factorisation.ts"
import { products } from "../factorisation/Products.ts"
import type { Measurements } from "../measurements/Measurements.ts"
import * as Theory from "../theory/Theory.ts"

/**
 * The sharpness of each layer, `T_j = (1/n) sum_i |S_j' A_i P_(j-1)'|_F^2` with `S_j = W_L ... W_(j+1)` and `P_(j-1) = W_(j-1)
 * ... W_1`. Their sum T is half the trace of the Hessian of the mean square loss (as recalled, derived again; claim
 * matrix-factorization/trace-formula).
 */
export interface Sharpness {
  readonly shape: Factorisation.Shape
  /** T_1, ..., T_L at the layers x. Throws InvalidInput on an array of another length or not finite. */
  readonly layers: (x: Float64Array) => Float64Array
  /** Sum T of the layers. Throws in the same cases. */
  readonly total: (x: Float64Array) => number
  /** T at the layers x; its gradient is written into `gradient`, of the same length. */
  readonly valueAndGradient: (x: Float64Array, gradient: Float64Array) => number
}

/**
 * Exact sharpness of deep factorisations of a shape under these measurements, whose sizes must match.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Factorisation, isotropic, sharpness } from "@nonconvex/matrix-factorization"
 *
 * const { layers, total } = sharpness(isotropic(1, 1), Factorisation.shape([1, 1, 1]))
 * // of w_2 w_1 they are w_2^2 and w_1^2
 * layers(Float64Array.of(2, 1)) // ≈ [1.000, 4.000]
 * total(Float64Array.of(2, 1)) // ≈ 5.000
 * ```
 */
export const sharpness = (measurements: Measurements, shape: Factorisation.Shape): Sharpness => {
  const { columns, depth, rows, widths } = shape
  const { given: kernels } = measurements
  const { gemm } = kernels
  const { prefixes, suffixes, update } = products(shape, kernels)
  const g = new Float64Array(rows * rows)
  const h = new Float64Array(columns * columns)
  const left = new Float64Array(rows * rows)
  const right = new Float64Array(columns * columns)
  const suffixSlopes = suffixes.map((suffix) => new Float64Array(suffix.length))
  const prefixSlopes = prefixes.map((prefix) => new Float64Array(prefix.length))

  /** Fills g with `S_j S_j'`, h with `P_(j-1)' P_(j-1)` and left with the left moment of h; returns T_j. */
  const layerSharpness = (j: number): number => {
    const [suffix, prefix] = [suffixes[j]!, prefixes[j - 1]!]
    gemm(false, true, rows, rows, widths[j]!, 1, suffix, suffix, 0, g)
    gemm(true, false, columns, columns, widths[j - 1]!, 1, prefix, prefix, 0, h)
    measurements.leftMoment(h, left)
    return Vector.dot(g, left)
  }

  const layers = (x: Float64Array): Float64Array => {
    Require.vector("sharpness", "x", x, shape.dimension)
    update(Factorisation.layers(shape, x))
    return Float64Array.from({ length: depth }, (_, k) => layerSharpness(k + 1))
  }

  return {
    shape,
    layers,
    total: (x) => layers(x).reduce((sum, t) => sum + t, 0),
    valueAndGradient: (x, gradient) => {
      const parts = Factorisation.layers(shape, x)
      const slopes = Factorisation.layers(shape, gradient)
      update(parts)
      let total = 0
      for (let j = 1; j <= depth; j++) {
        total += layerSharpness(j)
        measurements.rightMoment(g, right)
        const [width, before] = [widths[j]!, widths[j - 1]!]
        const [prefix, slope] = [prefixes[j - 1]!, prefixSlopes[j - 1]!]
        gemm(false, false, rows, width, rows, 2, left, suffixes[j]!, 0, suffixSlopes[j]!)
        gemm(false, false, before, columns, columns, 2, prefix, right, 0, slope)
      }
      gradient.fill(0)
      // S_j = S_(j+1) W_(j+1), from the left; P_j = W_j P_(j-1), from the right
      for (let j = 1; j < depth; j++) {
        const [width, next, slope] = [widths[j]!, widths[j + 1]!, suffixSlopes[j]!]
        gemm(true, false, next, width, rows, 1, suffixes[j + 1]!, slope, 1, slopes[j]!)
        gemm(false, true, rows, next, width, 1, slope, parts[j]!, 1, suffixSlopes[j + 1]!)
      }
      for (let j = depth - 1; j >= 1; j--) {
        const [width, before, slope] = [widths[j]!, widths[j - 1]!, prefixSlopes[j]!]
        gemm(false, true, width, before, columns, 1, slope, prefixes[j - 1]!, 1, slopes[j - 1]!)
        gemm(true, false, before, columns, width, 1, parts[j - 1]!, slope, 1, prefixSlopes[j - 1]!)
      }
      return total
    },
  }
}

/** The trace of the Hessian of the mean square loss at the layers x, `2 T`. Throws InvalidInput as `sharpness`. */
export const traceOfHessian = (
  measurements: Measurements,
  shape: Factorisation.Shape,
  x: Float64Array,
): number => Theory.traceFromSharpness(sharpness(measurements, shape).total(x))
