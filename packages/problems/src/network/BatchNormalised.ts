import * as Kernels from "@nonconvex/numerics/Kernels"
import * as Require from "@nonconvex/numerics/Require"
import { invalid } from "@nonconvex/numerics/InvalidInput"
import * as Constants from "../Constants.ts"
import type { BatchLoss } from "../Objective.ts"
import { everyIndex } from "../Samples.ts"
import { type Architecture, statisticsLength, widest } from "./Architecture.ts"
import type { LossStage } from "../internal/network/LossStage.ts"
import type { Loss } from "./Loss.ts"
import * as Memory from "../internal/network/Memory.ts"
import { gather, predictor, requireRows } from "../internal/network/NetworkRows.ts"
import { type Samples } from "../internal/Samples.ts"

/**
 * Loss of a network with batch normalisation, batch by batch: its samples share a mean and a variance in every channel.
 *
 * It is stateless. The caller keeps the statistics for predictions: those of one batch (`statistics`), of all samples, or
 * running ones (`followStatistics`).
 */
export interface BatchNormalised<Of extends Architecture = Architecture> extends BatchLoss {
  readonly architecture: Of
  readonly couplesSamples: true
  readonly hessianVector: (x: Float64Array, v: Float64Array, out: Float64Array) => void
  readonly batchHessianVector: (
    indices: Uint32Array,
    x: Float64Array,
    v: Float64Array,
    out: Float64Array,
  ) => void
  /**
   * Writes the statistics of the batch at `x`, of length `Architecture.statisticsLength`. For each normalisation, these are
   * the means of its channels, then their variances, which divide by one pixel less.
   */
  statistics(indices: Uint32Array, x: Float64Array, out: Float64Array): void
  /**
   * Writes the outputs for each row of `inputs`, with `statistics` in place of batch statistics, so that rows are
   * independent.
   */
  predict(
    x: Float64Array,
    statistics: Float64Array,
    inputs: Float64Array,
    outputs: Float64Array,
  ): void
  /** Share of the rows of `inputs` whose largest output in `predict` is that of the label. */
  accuracy(
    x: Float64Array,
    statistics: Float64Array,
    inputs: Float64Array,
    labels: ArrayLike<number>,
  ): number
}

/** Numbers of one signal of a batch, which must pass as a whole: 256 MiB. */
const largestSignal = 2 ** 25

/** A batch size laid out in memory. */
interface Layout {
  readonly memory: Memory.Memory
  readonly frame: Memory.Frame
  readonly end: LossStage
}

/**
 * Network with the given architecture and loss, in which each batch is normalised by its own statistics.
 *
 * Gradient and Hessian-vector product are exact, and include the derivatives of the statistics. The objective itself is the
 * loss of all samples as one batch. Each batch size has its own memory, allocated on first use. Keeps a reference to the
 * features. Throws InvalidInput on a batch of one sample, on one that is too large to pass as a whole, and where `network`
 * does.
 *
 * @example
 * ```ts import.meta.vitest
 * import { batchNormalised } from "@nonconvex/problems"
 * import * as Architecture from "@nonconvex/problems/network/Architecture"
 * import * as Block from "@nonconvex/problems/network/Block"
 * import * as Loss from "@nonconvex/problems/network/Loss"
 *
 * const architecture = Architecture.layered({ input: 1, bias: false, blocks: [Block.dense(1), Block.batchNormalisation()] })
 * const samples = { features: Float64Array.of(-3, 3), dimension: 1 }
 * const fit = batchNormalised({ ...samples, architecture, loss: Loss.squared(Float64Array.of(-1, 1)) })
 * // weight, scale and shift: whatever the weight, the batch has mean 0 and deviation 1
 * fit.valueAndGradient(Float64Array.of(5, 1, 0), new Float64Array(3)) // ≈ 0.0000
 * fit.valueAndGradient(Float64Array.of(5, 1, 2), new Float64Array(3)) // ≈ 2.0000
 * ```
 */
export const batchNormalised = <Of extends Architecture>(
  options: Samples & {
    readonly architecture: Of
    readonly loss: Loss
    /** Default the strict kernels of this thread, with the same bits on every machine. */
    readonly kernels?: Kernels.Kernels
  },
): BatchNormalised<Of> => {
  const { architecture, dimension: inputs, features, kernels = Kernels.standard() } = options
  Require.object("batchNormalised", "architecture", architecture, "inputs", "dimension")
  Require.object("batchNormalised", "loss", options.loss, "attach")
  const size = requireRows("batchNormalised", options)
  const attached = options.loss.attach(size, architecture.outputs)
  const all = everyIndex(size)
  const layouts = new Map<number, Layout>()

  const layoutOf = (rows: number): Layout => {
    const known = layouts.get(rows)
    if (known !== undefined) return known
    Require.count("batchNormalised", "samples of the batch", rows, 2)
    const numbers = rows * widest(architecture)
    if (numbers > largestSignal) {
      invalid("batchNormalised", "a batch is processed as a whole: use a smaller one", {
        samples: rows,
        numbers,
        atMost: largestSignal,
      })
    }
    const memory = Memory.memory(kernels, architecture, rows)
    const frame = memory.frame(rows)
    const layout = { memory, frame, end: attached(kernels, frame.output) }
    layouts.set(rows, layout)
    return layout
  }
  const forward = (indices: Uint32Array, x: Float64Array): Layout => {
    const layout = layoutOf(indices.length)
    Memory.setParameters(layout.memory, x)
    gather(features, indices, 0, inputs, layout.frame.input)
    Memory.forward(layout.frame)
    return layout
  }

  const batchValueAndGradient: BatchNormalised["batchValueAndGradient"] = (
    indices,
    x,
    gradient,
  ) => {
    Require.length("batchNormalised", "gradient", gradient.length, architecture.dimension)
    const { end, frame, memory } = forward(indices, x)
    const weight = 1 / indices.length
    const sum = end.evaluate(indices, 0, weight)
    memory.parameters.adjoint.fill(0)
    Memory.backward(frame)
    gradient.set(memory.parameters.adjoint)
    return weight * sum
  }
  const batchHessianVector: BatchNormalised["batchHessianVector"] = (indices, x, v, out) => {
    Require.length("batchNormalised", "v", v.length, architecture.dimension)
    Require.length("batchNormalised", "out", out.length, architecture.dimension)
    const { end, frame, memory } = forward(indices, x)
    const weight = 1 / indices.length
    memory.parameters.tangent.set(v)
    memory.parameters.adjointTangent.fill(0)
    end.evaluate(indices, 0, weight)
    Memory.sweep(frame)
    Memory.forwardTangent(frame)
    end.evaluateTangent(weight)
    Memory.backwardTangent(frame)
    out.set(memory.parameters.adjointTangent)
  }

  const length = statisticsLength(architecture)
  const fixed = Memory.memory(kernels, architecture, Memory.capacityFor(architecture, size), {
    byBatch: false,
  })
  const { accuracy, predict } = predictor(fixed, architecture)
  const take = (statistics: Float64Array): void => {
    Require.vector("batchNormalised", "statistics", statistics, length)
    fixed.statistics.set(statistics)
  }
  return {
    name: `network ${architecture.name}, ${options.loss.name}`,
    dimension: architecture.dimension,
    size,
    architecture,
    couplesSamples: true,
    constants: { minimum: Constants.bound(0, "no sample has a negative loss") },
    batchValueAndGradient,
    batchHessianVector,
    valueAndGradient: (x, gradient) => batchValueAndGradient(all, x, gradient),
    hessianVector: (x, v, out) => batchHessianVector(all, x, v, out),
    statistics: (indices, x, out) => {
      Require.length("batchNormalised", "statistics", out.length, length)
      out.set(forward(indices, x).memory.statistics)
    },
    predict: (x, statistics, from, out) => {
      take(statistics)
      predict(x, from, out)
    },
    accuracy: (x, statistics, from, labels) => {
      take(statistics)
      return accuracy(x, from, labels)
    },
  }
}

/**
 * Moves running statistics towards those of a batch: `running = (1 - share) running + share batch`.
 *
 * PyTorch's `momentum` is this share, by default 0.1, starting from means 0 and variances 1. With `1 / k` at batch k, the
 * result is the mean of all batches. Throws InvalidInput unless `share` is from 0 to 1, and on different lengths.
 *
 * @example
 * ```ts import.meta.vitest
 * import { followStatistics } from "@nonconvex/problems"
 *
 * const running = Float64Array.of(0, 1)
 * followStatistics(running, Float64Array.of(2, 3), 0.5)
 * running // => Float64Array.of(1, 2)
 * ```
 */
export const followStatistics = (
  running: Float64Array,
  batch: Float64Array,
  share: number,
): void => {
  if (!(share >= 0 && share <= 1)) {
    invalid("followStatistics", "share must be from 0 to 1", { share })
  }
  Require.typed("followStatistics", "running", running)
  Require.typed("followStatistics", "batch", batch)
  Require.length("followStatistics", "batch", batch.length, running.length)
  for (let i = 0; i < running.length; i++) running[i]! += share * (batch[i]! - running[i]!)
}
