/**
 * Stochastic gradient descent that knows the critical rate of every batch.
 *
 * Source: the paper explains spikes of SGD by the critical rate of the batch, `b / lambda(K_B)` for its mean of squares (as
 * recalled). Epochs are shuffled
 * without replacement and a short last batch is dropped, for it would have another effective rate (derived here).
 */
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Require from "@nonconvex/numerics/Require"
import type * as Seed from "@nonconvex/numerics/Seed"
import { invalid } from "@nonconvex/numerics/InvalidInput"
import type { Update, UpdateState } from "@nonconvex/problems/Update"
import type { Outcome } from "./CatapultDescent.ts"
import { isLost, RunDiverged } from "./RunDiverged.ts"
import type { Model } from "../network/Model.ts"
import type { OutputLoss } from "../network/OutputLoss.ts"
import { type Spike, spikeDetector } from "../monitor/Spikes.ts"
import { roomFor, topCurvature } from "../network/CriticalRate.ts"
import * as Theory from "../theory/index.ts"

/** A run, advanced step by step. */
export interface BatchDescent {
  readonly step: () => void
  readonly outcome: () => Outcome
  readonly steps: () => number
  readonly epochs: () => number
  /** Loss of all samples when last evaluated. */
  readonly loss: () => number
  /** Of the probed batches the share whose critical rate was below the learning rate; NaN before the first. */
  readonly supercriticalShare: () => number
  /** Of the loss of all samples. */
  readonly spikes: () => ReadonlyArray<Spike>
  readonly parameters: Float64Array
  /** A copy of everything that the next steps depend on; spikes are counted anew. */
  readonly snapshot: () => BatchSnapshot
  readonly failure: () => RunDiverged | undefined
}

/** All that decides the steps to come, as plain data: parameters, optimizer, order of the samples, random numbers. */
export interface BatchSnapshot {
  readonly parameters: Float64Array
  readonly optimizer: UpdateState
  readonly order: Uint32Array
  readonly random: Int32Array
  readonly steps: number
}

interface Options {
  /** Goes on from there, and not from the start: the same steps as without the break, bit for bit. */
  readonly from?: BatchSnapshot
  readonly batchSize: number
  /** Its rate is compared with the critical one of plain steps. */
  readonly update: Update
  readonly seed: Seed.Seed
  /** Fitted where the loss of all samples is below it; default 1e-3. */
  readonly tolerance?: number
  /** Default 1000. */
  readonly epochs?: number
  /** Looks at the kernel of every so many batches; 0, the default, never. */
  readonly probeEvery?: number
  /** Evaluates all samples every so many steps; default a quarter of an epoch. */
  readonly evaluateEvery?: number
}

/** A run of `update` on batches of a model. The start is copied. Throws InvalidInput on options out of range. */
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

  const { from } = options
  const parameters = (from?.parameters ?? start).slice()
  const gradient = new Float64Array(model.dimension)
  const order = from?.order.slice() ?? Uint32Array.from({ length: model.size }, (_, i) => i)
  const batch = new Uint32Array(batchSize)
  const predictions = new Float64Array(batchSize)
  const adjoint = new Float64Array(batchSize)
  const { tangentKernel } = model
  const point = { loss, predictions, tangentKernel, indices: batch }
  const room = roomFor(batchSize)
  const everyPrediction = new Float64Array(model.size)
  const everyAdjoint = new Float64Array(model.size)
  const stream =
    from === undefined
      ? RandomStream.make(seed)
      : new RandomStream.RandomStream(from.random.slice())
  const state = from === undefined ? update.init(model.dimension) : structuredClone(from.optimizer)
  const detector = spikeDetector()
  const spikes: Array<Spike> = []
  let outcome: Outcome = "running"
  let steps = from?.steps ?? 0
  let whole = Number.NaN
  let first = Number.NaN
  let probed = 0
  let past = 0
  let ratio = Number.NaN
  let failure: RunDiverged | undefined

  const rate = () => update.learningRate(state.step)

  const look = () => {
    model.predict(parameters, everyPrediction)
    whole = loss.evaluate(everyPrediction, everyAdjoint)
    if (Number.isNaN(first)) first = whole
    const spike = detector.observe(steps, whole)
    if (spike?.onset !== undefined) spikes.push(spike)
    if (isLost(whole, first)) {
      outcome = "diverged"
      failure = new RunDiverged({ step: steps, loss: whole, learningRate: rate(), ratio })
    } else if (whole < tolerance) outcome = "fitted"
    else if (steps >= epochs * perEpoch) outcome = "budget"
  }

  return {
    parameters,
    step: () => {
      if (outcome !== "running") return
      if (steps % evaluateEvery === 0) look()
      if (outcome !== "running") return
      const at = steps % perEpoch
      if (at === 0) stream.shuffle(order)
      for (let k = 0; k < batchSize; k++) batch[k] = order[at * batchSize + k]!
      model.predict(parameters, predictions, batch)
      loss.evaluate(predictions, adjoint, batch)
      if (probeEvery > 0 && steps % probeEvery === 0) {
        const top = topCurvature(point, room)
        ratio = rate() / Theory.criticalRateOfCurvature(top)
        probed++
        if (ratio > 1) past++
      }
      gradient.fill(0)
      model.addPullback(1, adjoint, gradient)
      update.apply(state, parameters, gradient)
      steps++
    },
    snapshot: () => ({
      parameters: parameters.slice(),
      optimizer: structuredClone(state),
      order: order.slice(),
      random: stream.state.slice(),
      steps,
    }),
    outcome: () => outcome,
    steps: () => steps,
    epochs: () => steps / perEpoch,
    loss: () => whole,
    supercriticalShare: () => past / probed,
    spikes: () => spikes,
    failure: () => failure,
  }
}
