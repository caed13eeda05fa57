/**
 * Losses of scalar predictions, with the factor that critical rates depend on.
 *
 * Source: the paper uses the mean of squares, Zhu et al. 2022 write half their sum (as printed; its experiments use the
 * mean) and others half the mean. Each loss here has its own factor, so `Theory.criticalRate(loss.factor(b), lambda)`
 * is correct for all of them.
 */
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Require from "@nonconvex/numerics/Require"
import { invalid } from "@nonconvex/numerics/InvalidInput"
import type { Floats } from "./Model.ts"
import * as Theory from "../theory/index.ts"

/** A loss on the predictions of a batch. */
export interface OutputLoss {
  readonly name: string
  readonly size: number
  /** The loss of the samples `indices`, default all; writes its derivative in each prediction into `adjoint`. */
  readonly evaluate: (predictions: Floats, adjoint: Floats, indices?: Uint32Array) => number
  /** Writes the second derivative in each prediction: the Gauss-Newton matrix is `J' diag(curvature) J`. */
  readonly curvature: (predictions: Floats, out: Floats, indices?: Uint32Array) => void
}

/** A squared loss `c |f - y|^2`. */
export interface SquaredLoss extends OutputLoss {
  readonly targets: Float64Array
  /** c, of a batch of that size. */
  readonly factor: (batchSize: number) => number
}

const squaredWith = (
  name: string,
  targets: Float64Array,
  factor: (batchSize: number) => number,
): SquaredLoss => {
  Require.allFinite(name, "targets", targets)
  return {
    name,
    targets,
    size: targets.length,
    factor,
    evaluate: (predictions, adjoint, indices) => {
      const rows = indices?.length ?? targets.length
      Require.length(name, "predictions", predictions.length, rows)
      const c = factor(rows)
      let sum = 0
      for (let k = 0; k < rows; k++) {
        const residual = predictions[k]! - targets[indices === undefined ? k : indices[k]!]!
        adjoint[k] = 2 * c * residual
        sum += residual * residual
      }
      return c * sum
    },
    curvature: (predictions, out) => out.fill(2 * factor(predictions.length)),
  }
}

/**
 * `scale` (default 1) times the mean of the squared residuals, `c = scale / b`. A scale of 1 is PyTorch's MSELoss and the paper's
 * (as recalled), and 1/2 is common. `targets` has a number for each sample. Throws InvalidInput on targets that are not finite
 * and a scale that is not positive.
 *
 * @example
 * ```ts import.meta.vitest
 * import { meanSquared } from "@nonconvex/catapults"
 *
 * const derivatives = new Float64Array(2)
 * meanSquared(Float64Array.of(1, 0)).evaluate(Float64Array.of(3, 0), derivatives) // => 2
 * derivatives // => Float64Array.of(2, 0)
 * ```
 */
export const meanSquared = (targets: Float64Array, scale = 1): SquaredLoss => {
  Require.typed("meanSquared", "targets", targets)
  Require.positive("meanSquared", "scale", scale)
  return squaredWith("meanSquared", targets, (batch) => scale * Theory.meanFactor(batch))
}

/**
 * `scale` (default 1/2) times the sum of squared residuals, `c = scale`; 1/2 is the convention of Zhu et al. 2022 (as
 * printed). Throws InvalidInput on targets that are not finite and on a scale that is not positive.
 */
export const sumSquared = (targets: Float64Array, scale = 0.5): SquaredLoss => {
  Require.positive("sumSquared", "scale", scale)
  return squaredWith("sumSquared", targets, () => scale)
}

/** Requires labels -1 and 1, with both present: a single class cannot be learned. */
export const requireSigns = (operation: string, labels: Float64Array): void => {
  const index = labels.findIndex((label) => label !== 1 && label !== -1)
  if (index >= 0) invalid(operation, "labels must be -1 or 1", { index, label: labels[index]! })
  if (labels.every((label) => label === labels[0])) {
    invalid(operation, "there must be labels of both classes", {
      samples: labels.length,
      label: labels[0] ?? Number.NaN,
    })
  }
}

/** 1 / (1 + e^m). */
const miss = (margin: number): number =>
  margin > 0
    ? Elementary.exp(-margin) / (1 + Elementary.exp(-margin))
    : 1 / (1 + Elementary.exp(margin))

/**
 * Mean cross entropy of two classes in nats, `log(1 + e^(-y f))` for labels -1 and 1. Its curvature `p (1 - p) / b`
 * falls as the fit improves, so critical rates rise. Throws InvalidInput on other labels and on labels of one class.
 * Ours: the paper studies squared losses only (as recalled).
 */
export const logisticLoss = (labels: Float64Array): OutputLoss => {
  requireSigns("logisticLoss", labels)
  const at = (indices: Uint32Array | undefined, k: number) =>
    labels[indices === undefined ? k : indices[k]!]!
  return {
    name: "logisticLoss",
    size: labels.length,
    evaluate: (predictions, adjoint, indices) => {
      const rows = indices?.length ?? labels.length
      Require.length("logisticLoss", "predictions", predictions.length, rows)
      let sum = 0
      for (let k = 0; k < rows; k++) {
        const label = at(indices, k)
        const margin = label * predictions[k]!
        sum += Elementary.softplus(-margin)
        adjoint[k] = (-label * miss(margin)) / rows
      }
      return sum / rows
    },
    curvature: (predictions, out, indices) => {
      for (let k = 0; k < predictions.length; k++) {
        const p = miss(at(indices, k) * predictions[k]!)
        out[k] = (p * (1 - p)) / predictions.length
      }
    },
  }
}
