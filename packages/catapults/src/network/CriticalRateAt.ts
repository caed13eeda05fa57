/**
 * The largest stable learning rate at a point of any loss, from the top curvature there.
 *
 * Source: the critical rate of a batch is the paper's (as recalled), its factors are derived here.
 */
import type * as Kernels from "@nonconvex/numerics/Kernels"
import * as Vector from "@nonconvex/numerics/Vector"
import { invalid } from "@nonconvex/numerics/InvalidInput"
import type { Floats, Model } from "./Model.ts"
import type { OutputLoss } from "./OutputLoss.ts"
import * as Theory from "../theory/index.ts"
import { topEigenvalue } from "./TopPairs.ts"
import { ZeroKernel } from "./ZeroKernel.ts"

/** Point at which curvature is measured, on the samples `indices` (default all). */
interface Point {
  readonly loss: OutputLoss
  readonly predictions: Floats
  readonly tangentKernel: (out: Float64Array) => void
  readonly indices?: Uint32Array | undefined
  readonly kernels?: Kernels.Kernels | undefined
}

/** Room for the kernel and the curvatures of the loss, of points of `samples`. */
export const roomFor = (samples: number) => ({
  kernel: new Float64Array(samples * samples),
  curvature: new Float64Array(samples),
})

/**
 * Top eigenvalue of the Gauss-Newton matrix at a point: that of `D^(1/2) K D^(1/2)`, where D holds the curvatures of
 * the loss. Infinite on overflow.
 */
export const topCurvature = (
  { indices, kernels, loss, predictions, tangentKernel }: Point,
  { curvature, kernel }: ReturnType<typeof roomFor>,
): number => {
  const n = predictions.length
  tangentKernel(kernel)
  loss.curvature(predictions, curvature, indices)
  const isUniform = curvature.every((c) => c === curvature[0])
  if (!isUniform) {
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) kernel[i * n + j]! *= Math.sqrt(curvature[i]! * curvature[j]!)
    }
  }
  return Vector.isFinite(kernel)
    ? topEigenvalue(kernel, n, kernels) * (isUniform ? curvature[0]! : 1)
    : Number.POSITIVE_INFINITY
}

/**
 * Largest stable learning rate at a point, `2 (1 + beta)` over the top curvature; `b / lambda(K_B)` for the mean
 * squared error. Throws ZeroKernel, and InvalidInput if the kernel is not finite.
 */
export const criticalRateAt = (point: Point, momentum = 0): number => {
  const samples = point.predictions.length
  const top = topCurvature(point, roomFor(samples))
  if (top === Number.POSITIVE_INFINITY) {
    invalid("criticalRateAt", "the tangent kernel must be finite", { samples })
  }
  if (!(top > 0)) throw new ZeroKernel({ samples })
  return Theory.criticalRateOfCurvature(top, momentum)
}

/**
 * Largest stable learning rate of a loss of a model at given parameters. It is `2 (1 + beta)` over the top curvature of
 * the samples `indices` (default all), with the momentum beta (default 0).
 *
 * This computation passes through the weights; the `criticalRate` of a descent at its own point may be far cheaper.
 * Throws ZeroKernel, and InvalidInput if the kernel is not finite. Source: the paper for batches (as recalled), factors
 * and momentum derived here.
 */
export const criticalRate = (
  model: Model,
  loss: OutputLoss,
  parameters: Float64Array,
  options: { readonly indices?: Uint32Array; readonly momentum?: number } = {},
): number => {
  const { indices, momentum } = options
  const predictions = new Float64Array(indices?.length ?? model.size)
  model.predict(parameters, predictions, indices)
  const { kernels, tangentKernel } = model
  return criticalRateAt({ loss, predictions, tangentKernel, indices, kernels }, momentum)
}
