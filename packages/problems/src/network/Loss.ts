import { requireCount, requireFinite, requireLength } from "../Input.ts"
import { requireClasses } from "../Samples.ts"
import type { Signal } from "./Signal.ts"

/**
 * A loss with the targets of all samples, not yet tied to a network.
 *
 * The convention of the whole package, fixed here: the loss of a network is the mean over the samples of `|f - y|^2 / 2` summed
 * over the outputs, or of the cross entropy in nats. The weight that a stage gets is 1 over the number of samples.
 */
export interface Loss {
  readonly name: string
  /** Ties the loss to the outputs of a network, `capacity` rows of `outputs` numbers, for `size` samples in all. */
  attach(output: Signal, outputs: number, capacity: number, size: number): LossStage
}

/** The end of a network, on the samples listed in `indices` from `start` on. */
export interface LossStage {
  /** The sum of the samples' losses, unweighted; writes the weighted adjoint of the output. */
  evaluate(indices: Uint32Array, start: number, rows: number, weight: number): number
  /** The weighted tangent of the output's adjoint; after `evaluate` on the same samples. */
  evaluateTangent(rows: number, weight: number): void
}

/**
 * Half the squared distance between output and target; `targets` is row-major with one row per sample.
 *
 * The network throws InvalidInput where the targets are not finite or their number is not samples times outputs.
 */
export const squared = (targets: Float64Array): Loss => ({
  name: "squared loss",
  attach: (output, outputs, _capacity, size) => {
    requireLength("Loss.squared", "targets", targets, size * outputs)
    requireFinite("Loss.squared", "targets", targets)
    const { adjoint, adjointTangent, tangent, value } = output
    return {
      evaluate: (indices, start, rows, weight) => {
        let sum = 0
        for (let i = 0; i < rows; i++) {
          const from = indices[start + i]! * outputs
          for (let j = 0; j < outputs; j++) {
            const residual = value[i * outputs + j]! - targets[from + j]!
            sum += 0.5 * residual * residual
            adjoint[i * outputs + j] = weight * residual
          }
        }
        return sum
      },
      evaluateTangent: (rows, weight) => {
        for (let i = 0; i < rows * outputs; i++) adjointTangent[i] = weight * tangent[i]!
      },
    }
  },
})

/**
 * Softmax cross entropy, `log sum_j exp f_j - f_label`, without overflow; `labels` holds one class index per sample.
 *
 * The network throws InvalidInput where it has fewer than two outputs or a label is none of them.
 */
export const crossEntropy = (labels: ArrayLike<number>): Loss => ({
  name: "cross entropy",
  attach: (output, outputs, capacity, size) => {
    requireCount("Loss.crossEntropy", "outputs", outputs, 2)
    const classes = requireClasses("Loss.crossEntropy", labels, size, outputs)
    const probabilities = new Float64Array(capacity * outputs)
    const { adjoint, adjointTangent, tangent, value } = output
    return {
      evaluate: (indices, start, rows, weight) => {
        let sum = 0
        for (let i = 0; i < rows; i++) {
          const at = i * outputs
          const label = at + classes[indices[start + i]!]!
          let largest = value[at]!
          for (let j = at + 1; j < at + outputs; j++) largest = Math.max(largest, value[j]!)
          let total = 0
          for (let j = at; j < at + outputs; j++) {
            total += probabilities[j] = Math.exp(value[j]! - largest)
          }
          for (let j = at; j < at + outputs; j++) {
            probabilities[j]! /= total
            adjoint[j] = weight * probabilities[j]!
          }
          adjoint[label]! -= weight
          sum += Math.log(total) + largest - value[label]!
        }
        return sum
      },
      evaluateTangent: (rows, weight) => {
        for (let i = 0; i < rows; i++) {
          const at = i * outputs
          let mean = 0
          for (let j = at; j < at + outputs; j++) mean += probabilities[j]! * tangent[j]!
          for (let j = at; j < at + outputs; j++) {
            adjointTangent[j] = weight * probabilities[j]! * (tangent[j]! - mean)
          }
        }
      },
    }
  },
})
