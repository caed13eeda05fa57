/** Linear model of a network in sample space; its kernel is constant, so a step costs `n b` operations. */
import type * as Kernels from "@nonconvex/numerics/Kernels"
import * as Vector from "@nonconvex/numerics/Vector"
import type { NtkArchitecture } from "../../network/NtkArchitecture.ts"
import { ntkNetwork } from "../../network/NtkNetwork.ts"
import type { OutputLoss } from "../../network/OutputLoss.ts"

/** Model that can be trained on batches. */
export interface BatchModel {
  readonly size: number
  /** The loss of the samples `indices`, default all. */
  readonly evaluate: (indices?: Uint32Array) => number
  /** Takes a gradient step from the point of the last `evaluate`. */
  readonly move: (learningRate: number) => void
  readonly parameters: () => Float64Array
}

export interface LinearOptions {
  readonly kernels: Kernels.Kernels
  readonly architecture: NtkArchitecture
  readonly features: Float64Array
  readonly loss: OutputLoss
  readonly start: Float64Array
}

/** Linear model at `start`, restricted to gradient descent on these samples. */
export const linearInSamples = (options: LinearOptions): BatchModel => {
  const { loss, start } = options
  const network = ntkNetwork(options)
  const n = network.size
  const predictions = new Float64Array(n)
  const kernel = new Float64Array(n * n)
  network.predict(start, predictions)
  network.tangentKernel(kernel)
  const every = Uint32Array.from({ length: n }, (_, i) => i)
  /** The parameters have moved by `J' weights`. */
  const weights = new Float64Array(n)
  const seen = new Float64Array(n)
  const adjoint = new Float64Array(n)
  let batch: Uint32Array = every
  return {
    size: n,
    evaluate: (indices = every) => {
      batch = indices
      for (let k = 0; k < batch.length; k++) seen[k] = predictions[batch[k]!]!
      const rows = batch.length
      return loss.evaluate(seen.subarray(0, rows), adjoint.subarray(0, rows), batch)
    },
    move: (learningRate) => {
      for (let k = 0; k < batch.length; k++) {
        const i = batch[k]!
        const change = -learningRate * adjoint[k]!
        weights[i]! += change
        Vector.axpy(change, kernel.subarray(i * n, (i + 1) * n), predictions)
      }
    },
    parameters: () => {
      const theta = start.slice()
      network.predict(start, new Float64Array(n))
      network.addPullback(1, weights, theta)
      return theta
    },
  }
}
