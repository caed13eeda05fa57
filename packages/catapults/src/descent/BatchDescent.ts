/**
 * Stochastic gradient descent that knows the critical rate of every batch.
 *
 * Source: the paper explains spikes of SGD by the critical rate of the batch, `b / lambda(K_B)` for its mean of squares (as
 * recalled). Epochs are shuffled without replacement and a short last batch is dropped, for it would have another effective rate
 * (derived here).
 */
import { invalid } from "@nonconvex/numerics/InvalidInput"
import * as Require from "@nonconvex/numerics/Require"
import type * as Seed from "@nonconvex/numerics/Seed"
import * as Sampler from "@nonconvex/problems/Sampler"
import type { Update, UpdateState } from "@nonconvex/problems/Update"
import { spikeDetector } from "../monitor/Spikes.ts"
import { roomFor, topCurvature } from "../network/CriticalRateAt.ts"
import type { Model } from "../network/Model.ts"
import type { OutputLoss } from "../network/OutputLoss.ts"
import * as Theory from "../theory/index.ts"
import { failureOf, freshRun, isLost, type RunDiverged, type RunState } from "./RunDiverged.ts"

/** What a run remembers: plain data, that its steps change in place; losses are of all samples. */
export interface BatchState extends RunState {
  readonly parameters: Float64Array
  /** Of the optimizer. */
  readonly update: UpdateState
  readonly sampler: Sampler.Sampler
  /** Batches whose critical rate was looked at, and those of them that it was below the learning rate of. */
  probed: number
  past: number
  /** Learning rate over the critical one of the last such batch. */
  ratio: number
}

/** A run, advanced step by step. */
export interface BatchDescent {
  /** All that the steps to come depend on. */
  readonly state: BatchState
  /** Takes a step, unless the run is over, and returns the loss of all samples when last evaluated. */
  readonly step: () => number
  readonly epochs: () => number
  /** Of the probed batches the share whose critical rate was below the learning rate; NaN before the first. */
  readonly supercriticalShare: () => number
  /** Why the run was lost. */
  readonly failure: () => RunDiverged | undefined
}

interface Options {
  readonly batchSize: number
  /** Its rate is compared with the critical one of plain steps. */
  readonly update: Update
  /** Of the order of the samples. */
  readonly seed: Seed.Seed
  /** Fitted where the loss of all samples is below it; default 1e-3. */
  readonly tolerance?: number
  /** Most epochs; default 1000. */
  readonly epochs?: number
  /** Looks at the kernel of every so many batches; default 0, which is never. */
  readonly probeEvery?: number
  /** Evaluates all samples every so many steps; default a quarter of an epoch. */
  readonly evaluateEvery?: number
}

/**
 * A run of `update` on batches of a model. The start is copied. `Snapshot.write` of `@nonconvex/problems` writes the state of a run,
 * and `Snapshot.read` into that of another with the same options makes it go on, bit for bit. Throws InvalidInput on options out of
 * range.
 *
 * @example
 * ```ts import.meta.vitest
 * import { batchDescent, meanSquared, ntkArchitecture, ntkNetwork } from "@nonconvex/catapults"
 * import { Seed } from "@nonconvex/numerics"
 * import { sgd } from "@nonconvex/problems"
 *
 * const architecture = ntkArchitecture({ widths: [1] }) // f(x) = w x
 * const network = ntkNetwork({ architecture, features: Float64Array.of(1, 2, 3) })
 * const options = { batchSize: 1, update: sgd({ learningRate: 0.1 }), seed: Seed.root(1), tolerance: 1e-9 }
 * const run = batchDescent(network, meanSquared(Float64Array.of(2, 4, 6)), Float64Array.of(0), options)
 * while (run.state.outcome === "running") run.step()
 * run.state.outcome // => "fitted"
 * run.state.parameters // ≈ [2.000]
 * ```
 */
export const batchDescent = (
  model: Model,
  loss: OutputLoss,
  start: Float64Array,
  options: Options,
): BatchDescent => {
  const { batchSize, epochs = 1000, probeEvery = 0, seed, tolerance = 1e-3, update } = options
  const operation = "batchDescent"
  const perEpoch = Math.floor(model.size / batchSize)
  Require.count(operation, "batchSize", batchSize)
  if (batchSize > model.size) {
    invalid(operation, "a batch cannot be larger than the set", { batchSize, size: model.size })
  }
  Require.count(operation, "epochs", epochs)
  Require.count(operation, "probeEvery", probeEvery, 0)
  Require.positive(operation, "tolerance", tolerance)
  Require.length(operation, "start", start.length, model.dimension)
  const { evaluateEvery = Math.max(1, Math.floor(perEpoch / 4)) } = options
  Require.count(operation, "evaluateEvery", evaluateEvery)

  const detector = spikeDetector()
  const state: BatchState = {
    ...freshRun(detector.state),
    parameters: start.slice(),
    update: update.init(model.dimension),
    sampler: Sampler.make(model.size, { rule: "epochs", batch: batchSize, seed }),
    probed: 0,
    past: 0,
    ratio: Number.NaN,
  }
  const { parameters, sampler } = state
  const gradient = new Float64Array(model.dimension)
  const predictions = new Float64Array(batchSize)
  const adjoint = new Float64Array(batchSize)
  const { kernels, tangentKernel } = model
  const point = { loss, predictions, tangentKernel, indices: sampler.indices, kernels }
  const room = roomFor(batchSize)
  const everyPrediction = new Float64Array(model.size)
  const everyAdjoint = new Float64Array(model.size)

  const rate = () => update.learningRate(state.update.step)

  /** The loss of all samples, and what follows from it. */
  const evaluateAll = () => {
    model.predict(parameters, everyPrediction)
    state.loss = loss.evaluate(everyPrediction, everyAdjoint)
    if (Number.isNaN(state.first)) state.first = state.loss
    const spike = detector.observe(state.steps, state.loss)
    if (spike?.onset !== undefined) state.spikes.push(spike)
    if (isLost(state.loss, state.first)) state.outcome = "diverged"
    else if (state.loss < tolerance) state.outcome = "fitted"
    else if (state.steps >= epochs * perEpoch) state.outcome = "budget"
  }

  /** The critical rate of the batch that was last predicted. */
  const probe = () => {
    state.ratio = rate() / Theory.criticalRateOfCurvature(topCurvature(point, room))
    state.probed++
    if (state.ratio > 1) state.past++
  }

  const moveOnBatch = () => {
    const batch = Sampler.next(sampler)
    model.predict(parameters, predictions, batch)
    loss.evaluate(predictions, adjoint, batch)
    if (probeEvery > 0 && state.steps % probeEvery === 0) probe()
    gradient.fill(0)
    model.addPullback(1, adjoint, gradient)
    update.apply(state.update, parameters, gradient)
    state.steps++
  }

  return {
    state,
    step: () => {
      const isRunning = () => state.outcome === "running"
      if (isRunning() && state.steps % evaluateEvery === 0) evaluateAll()
      if (isRunning()) moveOnBatch()
      return state.loss
    },
    epochs: () => state.steps / perEpoch,
    supercriticalShare: () => state.past / state.probed,
    failure: () => failureOf(state, rate(), state.ratio),
  }
}
