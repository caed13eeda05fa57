/** Networks of layers in the NTK parametrisation, convolutional and residual ones among them, as models of scalar predictions. */
import { invalid } from "@nonconvex/numerics/InvalidInput"
import type * as Kernels from "@nonconvex/numerics/Kernels"
import * as Require from "@nonconvex/numerics/Require"
import * as Vector from "@nonconvex/numerics/Vector"
import type { Architecture } from "@nonconvex/problems/network/Architecture"
import * as Loss from "@nonconvex/problems/network/Loss"
import { network } from "@nonconvex/problems/network/Network"
import type { Model } from "../../network/Model.ts"

/** Divisor of each parameter: the root of the fan-in of its layer, or of the window of a convolution. */
export const rootsOf = ({ dimension, layers }: Architecture): Float64Array => {
  const roots = new Float64Array(dimension)
  for (const { inputs, outputs, weights } of layers) {
    roots.fill(Math.sqrt(inputs), weights, weights + inputs * outputs)
  }
  return roots
}

/** Throws InvalidInput if the architecture has biases or more than one output. */
export const requireScalar = (operation: string, { layers, outputs }: Architecture): void => {
  const biases = layers.filter(({ bias }) => bias !== undefined).length
  if (outputs !== 1 || biases > 0) {
    invalid(operation, "the network must have one output and no biases", { outputs, biases })
  }
}

/**
 * The network on `features`, one row per sample. Derivatives come from the Jacobian of all samples, which is stored, so
 * the model suits few samples. Throws InvalidInput if the architecture has biases or more than one output, and as
 * `network` of problems does.
 */
export const layeredModel = (options: {
  readonly architecture: Architecture
  readonly features: Float64Array
  readonly kernels: Kernels.Kernels
}): Model => {
  const { architecture, features, kernels } = options
  const { dimension, inputs } = architecture
  requireScalar("layeredModel", architecture)
  const size = features.length / inputs
  const loss = Loss.squared(new Float64Array(size))
  const inner = network({ architecture, features, dimension: inputs, loss, kernels })
  const roots = rootsOf(architecture)
  // the factor of a mean of squares is the Jacobian over the root of the number of samples
  const scales = roots.map((root) => Math.sqrt(size) / root)
  const every = Uint32Array.from({ length: size }, (_, i) => i)
  let rows: Uint32Array = every
  const weights = new Float64Array(dimension)
  const jacobian = new Float64Array(size * dimension)
  const written = new Float64Array(dimension).fill(Number.NaN)

  /** The derivatives of each sample of the last `predict`, at its parameters. */
  const slopes = (): ReadonlyArray<Float64Array> => {
    let same = 0
    while (same < dimension && written[same] === weights[same]) same++
    if (same < dimension) {
      inner.gaussNewton.factor(weights, jacobian)
      for (let at = 0; at < jacobian.length; at += dimension) {
        for (let j = 0; j < dimension; j++) jacobian[at + j]! *= scales[j]!
      }
      written.set(weights)
    }
    return Array.from(rows, (i) => jacobian.subarray(i * dimension, (i + 1) * dimension))
  }

  return {
    name: architecture.name,
    size,
    dimension,
    kernels,
    predict: (parameters, out, indices) => {
      rows = indices ?? every
      Require.length("layeredModel", "parameters", parameters.length, dimension)
      Require.length("layeredModel", "out", out.length, rows.length)
      for (let j = 0; j < dimension; j++) weights[j] = parameters[j]! / roots[j]!
      const samples = new Float64Array(rows.length * inputs)
      rows.forEach((i, k) =>
        samples.set(features.subarray(i * inputs, (i + 1) * inputs), k * inputs),
      )
      inner.predict(weights, samples, out)
    },
    addPullback: (alpha, q, target) => {
      slopes().forEach((slope, k) => Vector.axpy(alpha * q[k]!, slope, target))
    },
    pushforward: (v, out) => {
      slopes().forEach((slope, k) => (out[k] = Vector.dot(slope, v)))
    },
    tangentKernel: (out) => {
      const all = slopes()
      const matrix = rows === every ? jacobian : new Float64Array(rows.length * dimension)
      if (rows !== every) all.forEach((slope, k) => matrix.set(slope, k * dimension))
      kernels.syrk(false, rows.length, dimension, 1, matrix, 0, out)
    },
  }
}
