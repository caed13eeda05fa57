import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Require from "@nonconvex/numerics/Require"
import { gaussian, mulberry32 } from "@nonconvex/numerics/Mulberry32"
import type { basisPursuit } from "@nonconvex/problems/BasisPursuit"
import type { SampleModel } from "./SampleModel.ts"

/** `p_i(u, v) = a_i . (u^2 - v^2)` with the square loss; the parameters are u followed by v. */
export interface DiagonalNetwork extends SampleModel {
  /** Row-major, one row per sample. */
  readonly matrix: Float64Array
  readonly labels: Float64Array
  /** c with `tr Hess f = sum_j c_j (u_j^2 + v_j^2)` at the minima, `c_j = (4 / n) sum_i a_ij^2`. Derived here. */
  readonly traceWeights: Float64Array
}

/**
 * The diagonal linear network on `labels.length` samples. Its flattest minimum is the solution of the linear program `min sum_j c_j |b_j|`
 * subject to `A b = y` (derived here): flat means sparse. Throws InvalidInput if the length of the matrix is not a multiple of the number
 * of labels.
 */
export const diagonalNetwork = (options: {
  readonly matrix: Float64Array
  readonly labels: Float64Array
}): DiagonalNetwork => {
  const { labels, matrix } = options
  const size = labels.length
  const width = matrix.length / size
  Require.count("diagonalNetwork", "labels.length", size)
  Require.count("diagonalNetwork", "matrix.length / labels.length", width)
  const dimension = 2 * width
  const weights = new Float64Array(width)
  const slope = new Float64Array(width)
  const traceWeights = Float64Array.from({ length: width }, (_, j) => {
    let sum = 0
    for (let i = 0; i < size; i++) sum += Elementary.square(matrix[i * width + j]!)
    return (4 / size) * sum
  })

  const residualAt = (i: number, x: Float64Array): number => {
    const from = i * width
    let sum = 0
    for (let j = 0; j < width; j++) {
      const u = x[j]!
      const v = x[width + j]!
      sum += matrix[from + j]! * (u * u - v * v)
    }
    return sum - labels[i]!
  }
  /** Writes `2 scale a_i (u, -v)`. */
  const writeRow = (i: number, scale: number, x: Float64Array, out: Float64Array): void => {
    const from = i * width
    for (let j = 0; j < width; j++) {
      const a = scale * matrix[from + j]!
      out[j] = a * x[j]!
      out[width + j] = -a * x[width + j]!
    }
  }
  const finish = (scale: number, x: Float64Array, gradient: Float64Array): void => {
    for (let j = 0; j < width; j++) {
      const s = scale * slope[j]!
      gradient[j] = s * x[j]!
      gradient[width + j] = -s * x[width + j]!
    }
  }
  const loadWeights = (x: Float64Array): void => {
    for (let j = 0; j < width; j++) {
      const u = x[j]!
      const v = x[width + j]!
      weights[j] = u * u - v * v
      slope[j] = 0
    }
  }
  /** Adds the residual of sample i times a_i to `slope`, and returns the residual. */
  const addSample = (i: number): number => {
    const from = i * width
    let residual = -labels[i]!
    for (let j = 0; j < width; j++) residual += matrix[from + j]! * weights[j]!
    for (let j = 0; j < width; j++) slope[j]! += residual * matrix[from + j]!
    return residual
  }
  return {
    name: "diagonal linear network",
    form: { matrix, labels },
    dimension,
    size,
    matrix,
    labels,
    traceWeights,
    constants: { minimum: { value: 0, basis: "bound", because: "no square is negative" } },
    predictionGradient: (i, x, gradient) => {
      writeRow(i, 2, x, gradient)
      return residualAt(i, x)
    },
    sampleValueAndGradient: (i, x, gradient) => {
      const residual = residualAt(i, x)
      writeRow(i, 2 * residual, x, gradient)
      return 0.5 * residual * residual
    },
    batchValueAndGradient: (indices, x, gradient) => {
      loadWeights(x)
      let sum = 0
      for (let k = 0; k < indices.length; k++) sum += Elementary.square(addSample(indices[k]!))
      finish(2 / indices.length, x, gradient)
      return (0.5 * sum) / indices.length
    },
    valueAndGradient: (x, gradient) => {
      loadWeights(x)
      let sum = 0
      for (let i = 0; i < size; i++) {
        const residual = addSample(i)
        sum += residual * residual
      }
      finish(2 / size, x, gradient)
      return (0.5 * sum) / size
    },
    hessianVector: (x, v, out) => {
      loadWeights(x)
      out.fill(0)
      const scale = 4 / size
      for (let i = 0; i < size; i++) {
        addSample(i)
        const from = i * width
        let along = 0
        for (let j = 0; j < width; j++) {
          along += matrix[from + j]! * (x[j]! * v[j]! - x[width + j]! * v[width + j]!)
        }
        for (let j = 0; j < width; j++) {
          out[j]! += scale * along * matrix[from + j]! * x[j]!
          out[width + j]! -= scale * along * matrix[from + j]! * x[width + j]!
        }
      }
      for (let j = 0; j < width; j++) {
        const s = (2 / size) * slope[j]!
        out[j]! += s * v[j]!
        out[width + j]! -= s * v[width + j]!
      }
    },
  }
}

/** Linear program of the flattest minimum: its solution is the weights `u^2 - v^2`, its value the trace there. */
export const flattest = ({
  labels,
  matrix,
  traceWeights,
}: DiagonalNetwork): Parameters<typeof basisPursuit>[0] => ({
  matrix,
  labels,
  costs: traceWeights,
  isNonNegative: false,
})

/** `tr Hess f` at a minimum of the network, from the closed form. */
export const traceAtMinimum = (network: DiagonalNetwork, x: Float64Array): number => {
  const width = network.traceWeights.length
  Require.array("traceAtMinimum", "x", x, 2 * width)
  let sum = 0
  for (let j = 0; j < width; j++) {
    sum += network.traceWeights[j]! * (x[j]! * x[j]! + x[width + j]! * x[width + j]!)
  }
  return sum
}

/** A sparse-recovery instance: a Gaussian matrix, one nonzero weight, and a dense minimum to start from. */
export interface SparseRecovery {
  readonly network: DiagonalNetwork
  readonly truth: Float64Array
  /** Weights before `settle` takes them to a minimum. */
  readonly start: Float64Array
}

/**
 * Instance of the experiment flat-minima/flat-is-sparse, from the published generator. It has `samples` (default 5) Gaussian
 * rows of `width` (default 10), a single nonzero weight of 1.5 at index 2, and `seed` 31 by default. Golden numbers depend on
 * the order of its draws.
 */
export const sparseRecovery = (
  options: { readonly samples?: number; readonly width?: number; readonly seed?: number } = {},
): SparseRecovery => {
  const { samples = 5, seed = 31, width = 10 } = options
  const uniform = mulberry32(seed)
  const normal = gaussian(uniform)
  const matrix = Float64Array.from({ length: samples * width }, normal)
  const truth = new Float64Array(width)
  truth[Math.min(2, width - 1)] = 1.5
  const labels = Float64Array.from({ length: samples }, (_, i) => {
    let sum = 0
    for (let j = 0; j < width; j++) sum += matrix[i * width + j]! * truth[j]!
    return sum
  })
  const start = Float64Array.from({ length: 2 * width }, () => 0.6 + 0.4 * uniform())
  return { network: diagonalNetwork({ matrix, labels }), truth, start }
}
