import * as Kernels from "@nonconvex/numerics/Kernels"
import * as Require from "@nonconvex/numerics/Require"
import { invalid } from "@nonconvex/numerics/InvalidInput"
import * as Constants from "../Constants.ts"
import type { BatchLoss } from "../Objective.ts"
import { everyIndex } from "../Samples.ts"
import { type Architecture, statisticsLength, widest } from "./Architecture.ts"
import type { LossStage } from "../internal/network/LossStage.ts"
import type { Loss } from "./Loss.ts"
import { signal, type Signal } from "../internal/network/Signal.ts"
import * as Memory from "../internal/network/single/Memory.ts"

/**
 * Loss of a network computed in float32, with or without batch normalisation.
 *
 * Parameters and gradients are float64, as methods require. The network rounds parameters when it reads them, so small steps
 * still accumulate. All computations between the first layer and the outputs are in float32; the statistics of
 * normalisations and the loss are summed in float64.
 *
 * Like `BatchNormalised` it is stateless: the caller keeps the statistics for predictions; they are empty without
 * normalisations.
 */
interface SinglePrecision<Of extends Architecture = Architecture> extends BatchLoss {
  readonly name: string
  readonly precision: "float32"
  readonly architecture: Of
  /** True if there are batch normalisations. */
  readonly couplesSamples: boolean
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
    inputs: Float32Array,
    outputs: Float64Array,
  ): void
  /** Share of the rows of `inputs` whose largest output in `predict` is that of the label. */
  accuracy(
    x: Float64Array,
    statistics: Float64Array,
    inputs: Float32Array,
    labels: ArrayLike<number>,
  ): number
}

/** Samples that pass through the layers together if they need not form one batch. */
const part = 100

/** Numbers of one signal of a batch, which must pass as a whole: 512 MiB. */
const largestSignal = 2 ** 27

/** A number of rows laid out in memory, with the loss at the end. */
interface Layout {
  readonly frame: Memory.Frame
  readonly output: Signal
  readonly end: LossStage
}

/**
 * Network with the given architecture and loss in float32; normalisations, if any, use the statistics of the batch.
 *
 * The features of sample i are those from `i * dimension` on, images row by row, pixel by pixel, channel by channel. The
 * only activation is relu. Each batch size has its own memory, allocated on first use; a step allocates no arrays. The
 * result does not depend on the number of threads that the kernels use. Keeps a reference to the features. Throws
 * InvalidInput on features that are not finite and on other activations. Also throws it on a normalised batch of one sample,
 * or one that is too large to pass as a whole.
 *
 * @example
 * ```ts import.meta.vitest
 * import { singlePrecision } from "@nonconvex/problems"
 * import * as Architecture from "@nonconvex/problems/network/Architecture"
 * import * as Block from "@nonconvex/problems/network/Block"
 * import * as Loss from "@nonconvex/problems/network/Loss"
 *
 * const architecture = Architecture.layered({ input: 1, bias: false, blocks: [Block.dense(1), Block.batchNormalisation()] })
 * const samples = { features: Float32Array.of(-3, 3), dimension: 1 }
 * const fit = singlePrecision({ ...samples, architecture, loss: Loss.squared(Float64Array.of(-1, 1)) })
 * // weight, scale and shift: whatever the weight, the batch has mean 0 and deviation 1
 * fit.valueAndGradient(Float64Array.of(5, 1, 2), new Float64Array(3)) // ≈ 2.0000
 * ```
 */
export const singlePrecision = <Of extends Architecture>(options: {
  readonly features: Float32Array
  readonly dimension: number
  readonly architecture: Of
  readonly loss: Loss
  /** Default the strict kernels of this thread, with the same bits on every machine. */
  readonly kernels?: Kernels.Kernels
}): SinglePrecision<Of> => {
  const { architecture, dimension: inputs, features, kernels = Kernels.standard() } = options
  const operation = "singlePrecision"
  Require.count(operation, "dimension", inputs)
  Require.typed(operation, "features", features)
  Require.object(operation, "architecture", architecture, "inputs", "dimension")
  Require.object(operation, "loss", options.loss, "attach")
  const { outputs } = architecture
  const size = features.length / inputs
  Require.count(operation, "features.length / dimension", size)
  for (let k = 0; k < features.length; k++) {
    if (!Number.isFinite(features[k]))
      invalid(operation, "features must be finite", { [`features[${k}]`]: features[k]! })
  }
  if (inputs !== architecture.inputs) {
    invalid(operation, "samples and first layer must have the same width", {
      dimension: inputs,
      inputs: architecture.inputs,
    })
  }
  const attached = options.loss.attach(size, outputs)
  const all = everyIndex(size)
  const couplesSamples = architecture.normalisations.length > 0
  const statistics = new Float64Array(statisticsLength(architecture))
  const most = Math.floor(largestSignal / widest(architecture))
  const layouts = new Map<number, Layout>()

  const layoutOf = (rows: number): Layout => {
    const known = layouts.get(rows)
    if (known !== undefined) return known
    const frame = Memory.frame(kernels, architecture, rows, statistics)
    const output = signal(rows * outputs)
    const layout = { frame, output, end: attached(kernels, output) }
    layouts.set(rows, layout)
    return layout
  }
  /** The whole batch, or as many of its samples as pass together. */
  const rowsOf = (count: number): number => {
    if (!couplesSamples) return Math.min(count, part)
    Require.count(operation, "samples of the batch", count, 2)
    if (count > most) {
      invalid(operation, "a batch is processed as a whole: use a smaller one", {
        samples: count,
        atMost: most,
      })
    }
    return count
  }
  const gather = ({ frame }: Layout, indices: Uint32Array, start: number): void => {
    const { input, rows } = frame
    for (let k = 0; k < rows; k++) {
      const from = indices[start + k]! * inputs
      if (!(from < features.length)) {
        invalid(operation, "indices must be indices of samples", {
          [`indices[${start + k}]`]: indices[start + k]!,
          samples: size,
        })
      }
      const to = k * inputs
      for (let j = 0; j < inputs; j++) input[to + j] = features[from + j]!
    }
  }
  const run = ({ frame, output }: Layout, byBatch: boolean): void => {
    Memory.forward(frame, byBatch)
    const { value } = frame.output
    for (let k = 0; k < value.length; k++) output.value[k] = value[k]!
  }

  const batchValueAndGradient: BatchLoss["batchValueAndGradient"] = (indices, x, gradient) => {
    Require.length(operation, "x", x.length, architecture.dimension)
    Require.length(operation, "gradient", gradient.length, architecture.dimension)
    const rows = rowsOf(indices.length)
    const weight = 1 / indices.length
    let sum = 0
    gradient.fill(0)
    for (let start = 0; start < indices.length; start += rows) {
      const layout = layoutOf(Math.min(rows, indices.length - start))
      const { end, frame, output } = layout
      Memory.load(frame, x)
      gather(layout, indices, start)
      run(layout, true)
      sum += end.evaluate(indices, start, weight)
      const { adjoint } = frame.output
      for (let k = 0; k < adjoint.length; k++) adjoint[k] = output.adjoint[k]!
      Memory.backward(frame, gradient)
    }
    return weight * sum
  }

  /** Runs the rows of `from` through the network in turns; `visit` reads the outputs of the rows from `start` on. */
  const predicted = (
    x: Float64Array,
    fixed: Float64Array,
    from: Float32Array,
    visit: (start: number, values: Float64Array) => void,
  ): void => {
    const count = from.length / inputs
    Require.count(operation, "inputs.length / architecture.inputs", count, 0)
    Require.length(operation, "x", x.length, architecture.dimension)
    Require.vector(operation, "statistics", fixed, statistics.length)
    statistics.set(fixed)
    for (let start = 0; start < count; start += part) {
      const layout = layoutOf(Math.min(part, count - start))
      const { input, rows } = layout.frame
      Memory.load(layout.frame, x)
      input.set(from.subarray(start * inputs, (start + rows) * inputs))
      run(layout, false)
      visit(start, layout.output.value)
    }
  }
  return {
    name: `network ${architecture.name} in float32, ${options.loss.name}`,
    dimension: architecture.dimension,
    precision: "float32",
    size,
    architecture,
    couplesSamples,
    constants: { minimum: Constants.bound(0, "no sample has a negative loss") },
    batchValueAndGradient,
    valueAndGradient: (x, gradient) => batchValueAndGradient(all, x, gradient),
    statistics: (indices, x, out) => {
      Require.length(operation, "statistics", out.length, statistics.length)
      Require.length(operation, "x", x.length, architecture.dimension)
      if (!couplesSamples) return
      const layout = layoutOf(rowsOf(indices.length))
      Memory.load(layout.frame, x)
      gather(layout, indices, 0)
      Memory.forward(layout.frame, true)
      out.set(statistics)
    },
    predict: (x, fixed, from, out) => {
      Require.length(operation, "outputs", out.length, (from.length / inputs) * outputs)
      predicted(x, fixed, from, (start, values) => out.set(values, start * outputs))
    },
    accuracy: (x, fixed, from, labels) => {
      const count = from.length / inputs
      Require.length(operation, "labels", labels.length, count)
      let correct = 0
      predicted(x, fixed, from, (start, values) => {
        for (let at = 0, k = start; at < values.length; at += outputs, k++) {
          let best = 0
          for (let j = 1; j < outputs; j++) if (values[at + j]! > values[at + best]!) best = j
          if (best === labels[k]) correct++
        }
      })
      return correct / count
    },
  }
}

/**
 * Mean of the statistics of all batches of the samples, in order. A network trained on such batches uses them for
 * predictions. Remaining samples that would form a smaller batch are omitted. Throws InvalidInput unless `batchSize` is an
 * integer from 1 to the number of samples.
 *
 * @example
 * ```ts import.meta.vitest
 * import { meanStatistics, singlePrecision } from "@nonconvex/problems"
 * import * as Architecture from "@nonconvex/problems/network/Architecture"
 * import * as Block from "@nonconvex/problems/network/Block"
 * import * as Loss from "@nonconvex/problems/network/Loss"
 *
 * const architecture = Architecture.layered({ input: 1, bias: false, blocks: [Block.dense(1), Block.batchNormalisation()] })
 * const samples = { features: Float32Array.of(-3, 3, 1, 5), dimension: 1 }
 * const fit = singlePrecision({ ...samples, architecture, loss: Loss.squared(new Float64Array(4)) })
 * // with weight 1 the batches have means 0 and 3, and variances 18 and 8
 * meanStatistics(fit, Float64Array.of(1, 1, 0), 2) // => Float64Array.of(1.5, 13)
 * ```
 */
export const meanStatistics = (
  loss: Pick<SinglePrecision, "architecture" | "size" | "statistics">,
  x: Float64Array,
  batchSize: number,
): Float64Array => {
  Require.count("meanStatistics", "batchSize", batchSize, 1, loss.size)
  const mean = new Float64Array(statisticsLength(loss.architecture))
  const ofBatch = new Float64Array(mean.length)
  if (mean.length === 0) return mean
  const batches = Math.floor(loss.size / batchSize)
  const indices = new Uint32Array(batchSize)
  for (let batch = 0; batch < batches; batch++) {
    for (let k = 0; k < batchSize; k++) indices[k] = batch * batchSize + k
    loss.statistics(indices, x, ofBatch)
    for (let k = 0; k < mean.length; k++) mean[k]! += ofBatch[k]!
  }
  for (let k = 0; k < mean.length; k++) mean[k]! /= batches
  return mean
}
