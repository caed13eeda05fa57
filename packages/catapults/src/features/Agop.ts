/**
 * Average gradient outer product (AGOP): the input directions on which a model depends.
 *
 * Source: Radhakrishnan et al., and Zhu et al. 2024 for the alignment (as recalled): `G = (1/n) sum_i grad f(x_i) grad
 * f(x_i)'`. The alignment of two AGOPs is the cosine of the angle between the matrices.
 */
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Kernels from "@nonconvex/numerics/Kernels"
import * as Require from "@nonconvex/numerics/Require"
import * as Vector from "@nonconvex/numerics/Vector"
import type { DifferentiableInputs } from "../network/Model.ts"

/** A sum of outer products of gradients, fed in batches of any size. */
export interface AgopSum {
  /** Adds the rows of `gradients`; a model with k outputs has k rows per sample. */
  readonly add: (gradients: Float64Array, samples?: number) => void
  /** `G`, row-major and symmetric; zero before the first sample. */
  readonly value: () => Float64Array
}

/**
 * Sum over gradients with `inputs` entries, for models from outside this package. Throws InvalidInput on rows of
 * another length.
 */
export const agopSum = (inputs: number, kernels: Kernels.Kernels = Kernels.standard()): AgopSum => {
  Require.count("agopSum", "inputs", inputs)
  const sum = new Float64Array(inputs * inputs)
  let count = 0
  return {
    add: (gradients, samples = gradients.length / inputs) => {
      const rows = Math.floor(gradients.length / inputs)
      Require.length("agopSum", "gradients", gradients.length, rows * inputs)
      Require.count("agopSum", "samples", samples)
      kernels.syrk(true, inputs, rows, 1, gradients, 1, sum)
      count += samples
    },
    value: () => sum.map((entry) => (count === 0 ? 0 : entry / count)),
  }
}

/** Numbers of gradients held at a time. */
const budget = 2 ** 20

/**
 * The AGOP of a model over all its samples at `parameters`, inputs x inputs and row-major. Throws InvalidInput on a size that is not a
 * positive integer, and on parameters of the wrong length.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Agop, ntkArchitecture, ntkNetwork } from "@nonconvex/catapults"
 *
 * const architecture = ntkArchitecture({ widths: [2, 1] })
 * const network = ntkNetwork({ architecture, features: Float64Array.of(1, 1, 2, 3) })
 * const agop = Agop.agop(network, Float64Array.of(3, 0, 2)) // relu(3 x_1 / sqrt 2) * 2: the second input does not matter
 * Agop.alignment(agop, Float64Array.of(1, 0, 0, 0)) // => 1
 * ```
 */
export const agop = (
  model: DifferentiableInputs,
  parameters: Float64Array,
  options: {
    /** Samples per block; by default as many as fit in 8 MiB. */
    readonly batchSize?: number
  } = {},
): Float64Array => {
  const { inputs, size } = model
  const { batchSize = Math.max(1, Math.min(size, Math.floor(budget / inputs))) } = options
  Require.count("agop", "batchSize", batchSize)
  const sum = agopSum(inputs, model.kernels)
  for (let from = 0; from < size; from += batchSize) {
    const rows = Math.min(batchSize, size - from)
    const isWhole = rows === size
    const indices = isWhole ? undefined : Uint32Array.from({ length: rows }, (_, k) => from + k)
    const gradients = new Float64Array(rows * inputs)
    model.predict(parameters, new Float64Array(rows), indices)
    model.inputGradients(gradients)
    sum.add(gradients)
  }
  return sum.value()
}

/**
 * Cosine of the angle between two matrices of equal size, in [0, 1] for AGOPs; 0 if one of them is zero. Throws
 * InvalidInput on different lengths. Source: Definition 2 of the paper (as recalled).
 *
 * @example
 * ```ts import.meta.vitest
 * import { Agop } from "@nonconvex/catapults"
 *
 * Agop.alignment(Float64Array.of(1, 0, 0, 1), Float64Array.of(1, 0, 0, 0)) // ≈ 0.7071
 * ```
 */
export const alignment = (a: Float64Array, b: Float64Array): number => {
  Require.typed("alignment", "a", a)
  Require.typed("alignment", "b", b)
  Require.length("alignment", "b", b.length, a.length)
  const [normA, normB] = [Vector.norm(a), Vector.norm(b)]
  if (normA === 0 || normB === 0) return 0
  let cosine = 0
  // entry by entry: products of small matrices would underflow
  for (let i = 0; i < a.length; i++) cosine += (a[i]! / normA) * (b[i]! / normB)
  // a sum of rounded numbers may exceed 1 in its last bits
  return Math.min(1, cosine)
}

/**
 * `tr(G)^2 / |G|^2`: the effective number of directions, from 1 to the number of inputs; 0 for a zero matrix. Throws
 * InvalidInput on another length. Derived here.
 */
export const effectiveRank = (agopMatrix: Float64Array, inputs: number): number => {
  Require.length("effectiveRank", "agop", agopMatrix.length, inputs * inputs)
  let trace = 0
  for (let j = 0; j < inputs; j++) trace += agopMatrix[j * inputs + j]!
  const norm = Vector.norm(agopMatrix)
  return norm === 0 ? 0 : Elementary.square(trace / norm)
}

/**
 * The expected AGOP of `x_1 x_2 ... x_k` on standard normal inputs: the projection on the first k coordinates. Derived here.
 */
export const ofProduct = (factors: number, inputs: number): Float64Array => {
  const matrix = new Float64Array(inputs * inputs)
  for (let j = 0; j < factors; j++) matrix[j * inputs + j] = 1
  return matrix
}

/** Progress of features without labels: alignment with an earlier AGOP, and the current effective rank. */
export interface FeatureProgress {
  readonly stability: number
  readonly effectiveRank: number
}

/**
 * Compares each AGOP with the one `lag` observations earlier (default 1); the first observations have stability 0.
 * Memory is `lag` matrices. Throws InvalidInput. Derived here.
 */
export const featureProgress = (
  inputs: number,
  lag = 1,
): ((agop: Float64Array) => FeatureProgress) => {
  Require.count("featureProgress", "lag", lag)
  const past: Array<Float64Array> = []
  return (matrix) => {
    const before = past.length === lag ? past.shift() : undefined
    past.push(matrix.slice())
    return {
      stability: before === undefined ? 0 : alignment(before, matrix),
      effectiveRank: effectiveRank(matrix, inputs),
    }
  }
}
