import * as Elementary from "@nonconvex/numerics/Elementary"
import type * as Kernels from "@nonconvex/numerics/Kernels"
import { invalid } from "@nonconvex/numerics/InvalidInput"
import * as Require from "@nonconvex/numerics/Require"

import type { LossStage } from "../internal/network/LossStage.ts"
import { type OutputCurvature, sigmoid } from "../internal/network/OutputFactors.ts"
import type { Signal } from "../internal/network/Signal.ts"
import { requireClasses } from "../internal/Samples.ts"

/**
 * Loss with the targets of all samples, not yet attached to a network.
 *
 * Convention of the whole package: the loss of a network is the mean of the losses of the samples. The loss of a sample is
 * `|f - y|^2 / 2`, with the squares summed over the outputs, or the cross entropy in nats. The logistic loss is summed over
 * the outputs.
 */
export interface Loss {
  readonly name: string
  /** Second derivative in the outputs. */
  readonly curvature: OutputCurvature
  /** Targets, read again at every evaluation, so that they may change in between. */
  readonly targets?: Float64Array
  /** Checks the targets against `size` samples and `outputs` outputs each, and returns how to end a network with them. */
  attach(size: number, outputs: number): (kernels: Kernels.Kernels, output: Signal) => LossStage
}

/**
 * Half the squared distance between output and target; `targets` is row-major with one row per sample.
 *
 * The network throws InvalidInput where the targets are not finite or their number is not samples times outputs.
 *
 * @example
 * ```ts import.meta.vitest
 * import { network } from "@nonconvex/problems"
 * import * as Architecture from "@nonconvex/problems/network/Architecture"
 * import * as Loss from "@nonconvex/problems/network/Loss"
 *
 * const architecture = Architecture.make({ widths: [1, 1], activation: "relu", bias: false })
 * const loss = Loss.squared(Float64Array.of(1))
 * const fit = network({ features: Float64Array.of(1), dimension: 1, architecture, loss })
 * // (3 - 1)^2 / 2
 * fit.valueAndGradient(Float64Array.of(3), new Float64Array(1)) // => 2
 * ```
 */
export const squared = (targets: Float64Array): Loss => ({
  name: "squared loss",
  curvature: "squared",
  targets,
  attach: (size, outputs) => {
    Require.vector("Loss.squared", "targets", targets, size * outputs)
    return (_kernels, { adjoint, adjointTangent, tangent, value }) => ({
      evaluate: (indices, start, weight) => {
        let sum = 0
        for (let at = 0, k = start; at < value.length; at += outputs, k++) {
          const from = indices[k]! * outputs
          for (let j = 0; j < outputs; j++) {
            const residual = value[at + j]! - targets[from + j]!
            sum += 0.5 * residual * residual
            adjoint[at + j] = weight * residual
          }
        }
        return sum
      },
      evaluateTangent: (weight) => {
        for (let i = 0; i < tangent.length; i++) adjointTangent[i] = weight * tangent[i]!
      },
    })
  },
})

/**
 * Softmax cross entropy, `log sum_j exp f_j - f_label`, without overflow; `labels` holds one class index per sample.
 *
 * The network throws InvalidInput if it has fewer than two outputs or a label is out of range.
 *
 * @example
 * ```ts import.meta.vitest
 * import { network } from "@nonconvex/problems"
 * import * as Architecture from "@nonconvex/problems/network/Architecture"
 * import * as Loss from "@nonconvex/problems/network/Loss"
 *
 * const architecture = Architecture.make({ widths: [1, 2], activation: "relu", bias: false })
 * const fit = network({ features: Float64Array.of(1), dimension: 1, architecture, loss: Loss.crossEntropy([0]) })
 * // of two equal outputs the loss is log 2
 * fit.valueAndGradient(Float64Array.of(3, 3), new Float64Array(2)) // ≈ 0.6931
 * ```
 */
export const crossEntropy = (labels: ArrayLike<number>): Loss => ({
  name: "cross entropy",
  curvature: "cross entropy",
  attach: (size, outputs) => {
    Require.count("Loss.crossEntropy", "outputs", outputs, 2)
    const classes = requireClasses("Loss.crossEntropy", labels, size, outputs)
    return ({ softmaxCrossEntropy }, { adjoint, adjointTangent, tangent, value }) => {
      const rows = value.length / outputs
      const batch = new Int32Array(rows)
      const probabilities = new Float64Array(value.length)
      return {
        evaluate: (indices, start, weight) => {
          for (let i = 0; i < rows; i++) batch[i] = classes[indices[start + i]!]!
          const sum = softmaxCrossEntropy(rows, outputs, value, batch, probabilities)
          for (let i = 0; i < value.length; i++) adjoint[i] = weight * probabilities[i]!
          for (let i = 0; i < rows; i++) adjoint[i * outputs + batch[i]!]! -= weight
          return sum
        },
        evaluateTangent: (weight) => {
          for (let at = 0; at < value.length; at += outputs) {
            let mean = 0
            for (let j = at; j < at + outputs; j++) mean += probabilities[j]! * tangent[j]!
            for (let j = at; j < at + outputs; j++) {
              adjointTangent[j] = weight * probabilities[j]! * (tangent[j]! - mean)
            }
          }
        },
      }
    }
  },
})

/**
 * Binary cross entropy of logits, `sum_j y_j log(1 + exp -f_j) + (1 - y_j) log(1 + exp f_j)` in nats, without overflow; `targets` from 0 to 1 are row-major with one row
 * per sample. It is `torch.nn.BCEWithLogitsLoss` times the number of outputs.
 *
 * The network throws InvalidInput if a target is not between 0 and 1, or if their number is not samples times outputs.
 *
 * @example
 * ```ts import.meta.vitest
 * import { network } from "@nonconvex/problems"
 * import * as Architecture from "@nonconvex/problems/network/Architecture"
 * import * as Loss from "@nonconvex/problems/network/Loss"
 *
 * const architecture = Architecture.make({ widths: [1, 1], activation: "relu", bias: false })
 * const loss = Loss.logistic(Float64Array.of(1))
 * const fit = network({ features: Float64Array.of(1), dimension: 1, architecture, loss })
 * // log 2, and the slope sigmoid(0) - 1
 * const gradient = new Float64Array(1)
 * fit.valueAndGradient(Float64Array.of(0), gradient) // ≈ 0.6931
 * gradient // => Float64Array.of(-0.5)
 * ```
 */
export const logistic = (targets: Float64Array): Loss => ({
  name: "logistic loss",
  curvature: "logistic",
  targets,
  attach: (size, outputs) => {
    Require.vector("Loss.logistic", "targets", targets, size * outputs)
    const outside = targets.findIndex((target) => target < 0 || target > 1)
    if (outside >= 0) {
      invalid("Loss.logistic", "targets must be between 0 and 1", {
        [`targets[${outside}]`]: targets[outside]!,
      })
    }
    return (_kernels, { adjoint, adjointTangent, tangent, value }) => ({
      evaluate: (indices, start, weight) => {
        let sum = 0
        for (let at = 0, k = start; at < value.length; at += outputs, k++) {
          const from = indices[k]! * outputs
          for (let j = 0; j < outputs; j++) {
            const [logit, target] = [value[at + j]!, targets[from + j]!]
            sum += target * Elementary.softplus(-logit) + (1 - target) * Elementary.softplus(logit)
            adjoint[at + j] = weight * (sigmoid(logit) - target)
          }
        }
        return sum
      },
      evaluateTangent: (weight) => {
        for (let i = 0; i < tangent.length; i++) {
          const logit = value[i]!
          adjointTangent[i] = weight * sigmoid(logit) * sigmoid(-logit) * tangent[i]!
        }
      },
    })
  },
})
