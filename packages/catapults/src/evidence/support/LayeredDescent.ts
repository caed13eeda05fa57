/** SGD on batches of a network of layers in the NTK parametrisation, for mean squares. */
import type { Kernels } from "@nonconvex/numerics/Kernels"
import * as Elementary from "@nonconvex/numerics/Elementary"
import type { Architecture } from "@nonconvex/problems/network/Architecture"
import * as Loss from "@nonconvex/problems/network/Loss"
import { network } from "@nonconvex/problems/network/Network"
import type { SampleDescent } from "../../descent/SampleDescent.ts"
import { requireScalar, rootsOf } from "./LayeredModel.ts"

/** The part of a descent that a run on batches uses. */
export type BatchRun = Pick<
  SampleDescent,
  "evaluate" | "move" | "predictions" | "size" | "tangentKernel"
>

/**
 * The descent of a network from `start` on samples with targets. A step on a batch costs one batch gradient; the
 * tangent kernel of all samples costs their Jacobian. Throws InvalidInput as `layeredModel`.
 */
export const layeredDescent = (options: {
  readonly architecture: Architecture
  readonly features: Float64Array
  readonly labels: Float64Array
  readonly start: Float64Array
  readonly kernels: Kernels
}): BatchRun => {
  const { architecture, features, kernels, labels, start } = options
  requireScalar("layeredDescent", architecture)
  const { dimension, inputs } = architecture
  const size = labels.length
  const loss = Loss.squared(labels)
  const inner = network({ architecture, features, dimension: inputs, loss, kernels })
  const roots = rootsOf(architecture)
  const weights = start.map((value, j) => value / roots[j]!)
  const gradient = new Float64Array(dimension)
  const predictions = new Float64Array(size)
  return {
    size,
    predictions,
    evaluate: (indices) => {
      // of a network the loss is half the mean of squares
      if (indices !== undefined) return 2 * inner.batchValueAndGradient(indices, weights, gradient)
      inner.predict(weights, features, predictions)
      let sum = 0
      for (let i = 0; i < size; i++) sum += Elementary.square(predictions[i]! - labels[i]!)
      return sum / size
    },
    move: (learningRate) => {
      for (let j = 0; j < dimension; j++) {
        weights[j]! -= (2 * learningRate * gradient[j]!) / Elementary.square(roots[j]!)
      }
    },
    tangentKernel: (out) => {
      const jacobian = new Float64Array(size * dimension)
      inner.gaussNewton.factor(weights, jacobian)
      for (let at = 0; at < jacobian.length; at += dimension) {
        for (let j = 0; j < dimension; j++) jacobian[at + j]! /= roots[j]!
      }
      // the factor is that of a mean over the samples
      kernels.syrk(false, size, dimension, size, jacobian, 0, out)
    },
  }
}
