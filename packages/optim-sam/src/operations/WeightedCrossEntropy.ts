/** Softmax cross entropy with a weight per class. */
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Require from "@nonconvex/numerics/Require"
import type { Loss } from "@nonconvex/problems/network/Loss"

/**
 * Mean over the samples of `weights[label]` times the cross entropy. The weights are rescaled to mean 1 over the samples, so
 * that learning rates remain comparable.
 *
 * The network throws InvalidInput on fewer than two outputs, or if the numbers of labels and samples differ.
 */
export const weightedCrossEntropy = (labels: Int32Array, weights: ReadonlyArray<number>): Loss => ({
  name: "weighted cross entropy",
  curvature: "cross entropy",
  attach: (size, outputs) => {
    Require.count("weightedCrossEntropy", "outputs", outputs, 2)
    Require.length("weightedCrossEntropy", "labels", labels.length, size)
    Require.length("weightedCrossEntropy", "weights", weights.length, outputs)
    const total = labels.reduce((sum, label) => sum + weights[label]!, 0)
    const rescaled = weights.map((weight) => (weight * size) / total)
    return (_kernels, { adjoint, adjointTangent, tangent, value }) => {
      const probabilities = new Float64Array(value.length)
      const costs = new Float64Array(value.length / outputs)
      return {
        evaluate: (indices, start, weight) => {
          let loss = 0
          for (let i = 0, at = 0; at < value.length; i++, at += outputs) {
            const label = labels[indices[start + i]!]!
            let largest = value[at]!
            for (let j = 1; j < outputs; j++) largest = Math.max(largest, value[at + j]!)
            let sum = 0
            for (let j = at; j < at + outputs; j++) {
              sum += probabilities[j] = Elementary.exp(value[j]! - largest)
            }
            const cost = (costs[i] = rescaled[label]!)
            loss += cost * (Elementary.log(sum) + largest - value[at + label]!)
            for (let j = at; j < at + outputs; j++) {
              probabilities[j]! /= sum
              adjoint[j] = weight * cost * probabilities[j]!
            }
            adjoint[at + label]! -= weight * cost
          }
          return loss
        },
        evaluateTangent: (weight) => {
          for (let i = 0, at = 0; at < value.length; i++, at += outputs) {
            let mean = 0
            for (let j = at; j < at + outputs; j++) mean += probabilities[j]! * tangent[j]!
            for (let j = at; j < at + outputs; j++) {
              adjointTangent[j] = weight * costs[i]! * probabilities[j]! * (tangent[j]! - mean)
            }
          }
        },
      }
    }
  },
})
