/**
 * Flattest factorisation of a given matrix for any measurements and any depth, by descent along the factorisations with that
 * product.
 */
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Svd from "@nonconvex/numerics/Svd"
import * as Vector from "@nonconvex/numerics/Vector"
import * as Factorisation from "../factorisation/Factorisation.ts"
import { layerUnit } from "../factorisation/Products.ts"
import { flattestIsotropic } from "./Flattest.ts"
import * as Lbfgs from "../internal/Lbfgs.ts"
import * as Matrix from "../internal/Matrix.ts"
import { type Measurements, normalised } from "../measurements/Measurements.ts"
import { sharpness } from "./Sharpness.ts"

interface Descended {
  /** The layers in one flat array, W_1 first. */
  readonly parameters: Float64Array
  /** T of these layers, half the trace of the Hessian. */
  readonly sharpness: number
  /** Norm of the gradient of T along the factorisations of the same product, relative to T. */
  readonly gradientNorm: number
}

/**
 * Flattest layers with product M (rows x columns) that a local search finds, for any measurements. It minimises T over `W_j
 * = R_j W_j^0 R_(j-1)^-1`, with R_j invertible and as large as the rank of M. It starts from the flattest layers for
 * isotropic measurements. The product is preserved up to rounding (ours; claim
 * matrix-factorization/least-sharpness-invariance). Throws as `flattestIsotropic`.
 */
export const gaugeDescent = (
  measurements: Measurements,
  shape: Factorisation.Shape,
  m: Float64Array,
): Descended => {
  const { columns, depth, rows } = shape
  const { given: kernels } = measurements
  const values = Svd.singularValues(m, rows, columns, kernels)
  // refuses what does not fit
  const start = flattestIsotropic(shape, m, kernels)
  if (values[0] === 0) return { parameters: start, sharpness: 0, gradientNorm: 0 }
  // the descent stops by numbers: in these units they are of size 1
  const unit = layerUnit(depth, values[0]!)
  const product = m.map((x) => x / Elementary.pow(unit, depth))
  const design = normalised(measurements)
  const found = descend(design.measurements, shape, product, Matrix.rank(values))
  return {
    ...found,
    parameters: found.parameters.map((w) => w * unit),
    sharpness: found.sharpness * Elementary.square(Elementary.pow(unit, depth - 1) * design.scale),
  }
}

const descend = (
  measurements: Measurements,
  shape: Factorisation.Shape,
  m: Float64Array,
  rank: number,
): Descended => {
  const { columns, depth, rows } = shape
  const { given: kernels } = measurements
  const small = Factorisation.uniformShape(rows, columns, depth, rank)
  const { gemm } = kernels
  const flatness = sharpness(measurements, small)
  const origin = Factorisation.layers(small, flattestIsotropic(small, m, kernels))
  const point = new Float64Array(small.dimension)
  const slope = new Float64Array(small.dimension)
  const square = rank * rank
  const gaugeOf = (g: Float64Array, j: number) => g.subarray((j - 1) * square, j * square)

  /** Writes the layers given by the gauges R_j to `point`; returns the inverses of the R_j. */
  const applyGauges = (g: Float64Array): ReadonlyArray<Float64Array> => {
    const inverses: Array<Float64Array> = []
    let before: Float64Array | undefined
    origin.forEach((part, k) => {
      const [height, width] = [small.widths[k + 1]!, small.widths[k]!]
      const right =
        before === undefined ? part : Matrix.multiply(part, before, height, width, width, kernels)
      const gauge = k + 1 < depth ? gaugeOf(g, k + 1) : undefined
      const both =
        gauge === undefined ? right : Matrix.multiply(gauge, right, height, rank, width, kernels)
      Factorisation.layer(small, point, k + 1).set(both)
      if (gauge === undefined) return
      before = Matrix.inverse(gauge, rank, kernels)
      inverses.push(before)
    })
    return inverses
  }
  const value = (g: Float64Array, gradient: Float64Array): number => {
    const inverses = applyGauges(g)
    if (!Vector.isFinite(point)) return Number.POSITIVE_INFINITY
    const t = flatness.valueAndGradient(point, slope)
    for (let j = 1; j < depth; j++) {
      const [width, after] = [small.widths[j - 1]!, small.widths[j + 1]!]
      const along = new Float64Array(square)
      const [w, next] = [j, j + 1].map((k) => Factorisation.layer(small, point, k))
      const [slopeOfW, slopeOfNext] = [j, j + 1].map((k) => Factorisation.layer(small, slope, k))
      gemm(false, true, rank, rank, width, 1, slopeOfW!, w!, 0, along)
      gemm(true, false, rank, rank, after, -1, next!, slopeOfNext!, 1, along)
      gemm(false, true, rank, rank, rank, 1, along, inverses[j - 1]!, 0, gaugeOf(gradient, j))
    }
    return t
  }
  const start = new Float64Array((depth - 1) * square)
  for (let j = 1; j < depth; j++) gaugeOf(start, j).set(Matrix.identity(rank))
  const scale = Math.max(value(start, new Float64Array(start.length)), Number.MIN_VALUE)
  const found = Lbfgs.minimise(value, start, {
    gradientTolerance: 1e-10 * scale,
    maxIterations: 2000,
  })
  applyGauges(found.point)
  return {
    parameters: widened(small, shape, point),
    sharpness: found.value,
    gradientNorm: found.gradientNorm / scale,
  }
}

/** The same layers with hidden units that carry nothing. */
const widened = (small: Factorisation.Shape, shape: Factorisation.Shape, point: Float64Array) => {
  const out = new Float64Array(shape.dimension)
  for (let j = 1; j <= shape.depth; j++) {
    const from = Factorisation.layer(small, point, j)
    const to = Factorisation.layer(shape, out, j)
    const [height, width, wide] = [small.widths[j]!, small.widths[j - 1]!, shape.widths[j - 1]!]
    for (let r = 0; r < height; r++) to.set(from.subarray(r * width, (r + 1) * width), r * wide)
  }
  return out
}
