/**
 * Stochastic gradient descent that computes the critical rate of each batch.
 *
 * Source: the paper explains spikes of SGD by the critical rate of the batch, `b / lambda(K_B)` for its mean of squares
 * (as recalled). Epochs are shuffled without replacement. A short last batch is dropped, because its effective rate
 * would differ (derived here).
 */
import { invalid } from "@nonconvex/numerics/InvalidInput"
import * as Require from "@nonconvex/numerics/Require"
import type * as Seed from "@nonconvex/numerics/Seed"
import type { Method, MethodState } from "@nonconvex/problems/Method"
import * as Sampler from "@nonconvex/problems/Sampler"
import type { Update, UpdateState } from "@nonconvex/problems/Update"
import { type SpikeDetector, spikeDetector } from "../monitor/Spikes.ts"
import { roomFor, topCurvature } from "../network/CriticalRateAt.ts"
import type { Training } from "../network/Model.ts"
import * as Theory from "../theory/index.ts"
import { freshRun, isLost, type RunState } from "./RunDiverged.ts"

/** State of a run: data that its steps change in place, and the trained model. Losses are over all samples. */
export interface BatchState extends MethodState, RunState {
  status: MethodState["status"]
  readonly training: Training
  /** State of the optimizer. */
  readonly update: UpdateState
  readonly sampler: Sampler.Sampler
  readonly watch: SpikeDetector
  readonly gradient: Float64Array
  /** Predictions and derivatives of the loss, for a batch and for all samples. */
  readonly batch: Looked
  readonly whole: Looked
  /** Steps of an epoch. */
  readonly perEpoch: number
  /** Number of batches whose critical rate was computed, and the number with a critical rate below the learning rate. */
  probed: number
  past: number
}

interface Looked {
  readonly predictions: Float64Array
  readonly adjoint: Float64Array
}

const looked = (size: number): Looked => ({
  predictions: new Float64Array(size),
  adjoint: new Float64Array(size),
})

/** Share of the probed batches whose critical rate was below the learning rate; NaN before the first. */
export const supercriticalShare = ({ past, probed }: BatchState): number => past / probed

interface Options {
  readonly batchSize: number
  /** Optimizer update; its rate is compared with the critical rate of plain gradient steps. */
  readonly update: Update
  /** Seed of the order of the samples. */
  readonly seed: Seed.Seed
  /** Fitted where the loss of all samples is below it; default 1e-3. */
  readonly tolerance?: number
  /** Maximum number of epochs; default 1000. */
  readonly epochs?: number
  /** Number of batches between two computations of the kernel; default 0, which is never. */
  readonly probeEvery?: number
  /** Number of steps between two evaluations of all samples; default a quarter of an epoch. */
  readonly evaluateEvery?: number
}

/**
 * Stochastic gradient descent of a model by `update`, on batches. A run is over when its `outcome` is no longer
 * "running": further steps change nothing. `init` throws InvalidInput on a batch larger than the set and on a start of
 * another length. `batchDescent` throws InvalidInput on options out of range.
 *
 * @example
 * ```ts import.meta.vitest
 * import { batchDescent, meanSquared, ntkArchitecture, ntkNetwork } from "@nonconvex/catapults"
 * import { Seed } from "@nonconvex/numerics"
 * import { advance, sgd } from "@nonconvex/problems"
 *
 * const architecture = ntkArchitecture({ widths: [1] }) // f(x) = w x
 * const model = ntkNetwork({ architecture, features: Float64Array.of(1, 2, 3) })
 * const loss = meanSquared(Float64Array.of(2, 4, 6))
 * const method = batchDescent({ batchSize: 1, update: sgd({ learningRate: 0.1 }), seed: Seed.root(1), tolerance: 1e-9 })
 * const run = method.init({ model, loss }, Float64Array.of(0))
 * while (run.outcome === "running") advance(method, [run], 100)
 * run.outcome // => "fitted"
 * run.point // ≈ [2.000]
 * ```
 */
export const batchDescent = (options: Options): Method<BatchState, Training> => {
  const { batchSize, epochs = 1000, probeEvery = 0, seed, tolerance = 1e-3, update } = options
  const operation = "batchDescent"
  Require.object(operation, "update", update, "init", "apply")
  Require.seed(operation, "seed", seed)
  Require.count(operation, "batchSize", batchSize)
  Require.count(operation, "epochs", epochs)
  Require.count(operation, "probeEvery", probeEvery, 0)
  Require.positive(operation, "tolerance", tolerance)
  if (options.evaluateEvery !== undefined)
    Require.count(operation, "evaluateEvery", options.evaluateEvery)
  const room = roomFor(batchSize)

  const rateOf = (state: BatchState) => update.learningRate(state.update.step)

  /** Loss of all samples, and the quantities derived from it. */
  const evaluateAll = (state: BatchState) => {
    const { perEpoch, point, training, whole } = state
    training.model.predict(point, whole.predictions)
    state.loss = training.loss.evaluate(whole.predictions, whole.adjoint)
    state.learningRate = rateOf(state)
    if (Number.isNaN(state.first)) state.first = state.loss
    const spike = state.watch.observe(state.steps, state.loss)
    if (spike?.onset !== undefined) state.spikes.push(spike)
    if (isLost(state.loss, state.first)) state.outcome = state.status = "diverged"
    else if (state.loss < tolerance) state.outcome = "fitted"
    else if (state.steps >= epochs * perEpoch) state.outcome = "budget"
  }

  /** The critical rate of the batch that was last predicted. */
  const probe = (state: BatchState) => {
    const { batch, sampler, training } = state
    const { kernels, tangentKernel } = training.model
    const { predictions } = batch
    const { indices } = sampler
    const top = topCurvature(
      { loss: training.loss, predictions, tangentKernel, indices, kernels },
      room,
    )
    state.ratio = rateOf(state) / Theory.criticalRateOfCurvature(top)
    state.probed++
    if (state.ratio > 1) state.past++
  }

  const moveOnBatch = (state: BatchState) => {
    const { batch, gradient, point, sampler, training } = state
    const { loss, model } = training
    const indices = Sampler.next(sampler)
    model.predict(point, batch.predictions, indices)
    loss.evaluate(batch.predictions, batch.adjoint, indices)
    if (probeEvery > 0 && state.steps % probeEvery === 0) probe(state)
    gradient.fill(0)
    model.addPullback(1, batch.adjoint, gradient)
    update.apply(state.update, point, gradient)
    state.steps++
  }

  return {
    name: update.name,
    init: (training, start) => {
      Require.object(operation, "model", training.model, "dimension", "size")
      const { dimension, size } = training.model
      if (batchSize > size)
        invalid(operation, "a batch cannot be larger than the set", { batchSize, size })
      Require.array(operation, "start", start, dimension)
      const watch = spikeDetector()
      return {
        ...freshRun(watch.state),
        point: start.slice(),
        training,
        update: update.init(dimension),
        sampler: Sampler.make(size, { rule: "epochs", batch: batchSize, seed }),
        watch,
        gradient: new Float64Array(dimension),
        batch: looked(batchSize),
        whole: looked(size),
        perEpoch: Math.floor(size / batchSize),
        probed: 0,
        past: 0,
      }
    },
    step: (state) => {
      const { evaluateEvery = Math.max(1, Math.floor(state.perEpoch / 4)) } = options
      if (state.outcome === "running" && state.steps % evaluateEvery === 0) evaluateAll(state)
      if (state.outcome === "running") moveOnBatch(state)
      return state.loss
    },
  }
}
