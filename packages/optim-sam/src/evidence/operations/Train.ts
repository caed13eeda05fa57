/** The training of a network on data of the user's own. */
import { operation } from "@nonconvex/evidence"
import { ArenaFull } from "@nonconvex/numerics/ArenaFull"
import { InvalidInput } from "@nonconvex/numerics/InvalidInput"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import { Diverged } from "@nonconvex/problems/Diverged"
import type { Method } from "@nonconvex/problems/Method"
import * as Minibatch from "@nonconvex/problems/Minibatch"
import type { SharpnessAwareState } from "@nonconvex/problems/SharpnessAware"
import { trajectory } from "@nonconvex/problems/Trajectory"
import { Schema } from "effect"
import { falseMinimumGuard, seesFalseMinimum } from "../../monitor/FalseMinimumGuard.ts"
import { telemetry } from "../../monitor/Telemetry.ts"
import * as Model from "./Model.ts"
import * as Quality from "./Quality.ts"
import * as Recipe from "./Recipe.ts"
import * as Sharpness from "./Sharpness.ts"

const Count = Schema.Int.check(Schema.isGreaterThan(0))

export const TrainInput = Schema.Struct({
  data: Model.Data,
  shape: Model.Shape,
  recipe: Recipe.Recipe,
  /** Passes over the training rows; rows of a last batch that would be short are left out, others each time. */
  epochs: Count,
  /** Rows in a batch, or all of them where there are fewer. */
  batch: Count,
  /** Loss above the minimum that the advised radius may cost. */
  tolerance: Schema.Finite.check(Schema.isGreaterThan(0)),
  seed: Schema.Int,
})
export type TrainInput = typeof TrainInput.Type

/** The state of a training after an epoch. */
export const Epoch = Schema.Struct({
  epoch: Schema.Int,
  /** Mean over the batches of the epoch, each before its step. */
  loss: Schema.Number,
  test: Quality.Quality,
  /** Of the last step: the sharpness along the perturbation, free of charge; NaN without one. */
  directionalSharpness: Schema.Number,
  /** Exact trace of the Hessian of the whole training loss; NaN where an activation is not piecewise linear. */
  trace: Schema.Number,
})
export type Epoch = typeof Epoch.Type

export const Trained = Schema.Struct({
  /** The trained parameters, layer after layer. */
  point: Schema.instanceOf(Float64Array),
  network: Schema.String,
  widths: Schema.Array(Schema.Int),
  activation: Model.Shape.fields.activation,
  /** A value is `shift + scale * output`; absent of classes. */
  targetScale: Schema.optional(Schema.Struct({ shift: Schema.Finite, scale: Schema.Finite })),
  method: Schema.String,
  steps: Schema.Int,
  radius: Schema.Finite,
  /** Euclidean length of the last perturbation; for groups, which have one each, that of the training loss at the end. */
  perturbation: Schema.Finite,
  loss: Schema.Number,
  train: Quality.Quality,
  test: Quality.Quality,
  epochs: Schema.Array(Epoch),
  sharpness: Sharpness.Sharpness,
  /** Steps at which only the perturbed gradient vanished. */
  falseMinima: Schema.Int,
})
export type Trained = typeof Trained.Type

/** The method, which also feeds `onStep` with its state after each step that it could take. */
const observed = <State extends SharpnessAwareState>(
  method: Method<State, Minibatch.Minibatch>,
  onStep: (state: State, loss: number) => void,
): Method<State, Minibatch.Minibatch> => ({
  ...method,
  step: (state) => {
    const loss = method.step(state)
    if (state.status === "running") onStep(state, loss)
    return loss
  },
})

/** Trains a network, and says how well it predicts and how sharp its minimum is. Throws Diverged, InvalidInput and ArenaFull. */
export const train = operation({
  id: "optim-sam/train",
  input: TrainInput,
  output: Trained,
  failure: Schema.Union([ArenaFull, Diverged, InvalidInput]),
  /** Each epoch. */
  progress: Schema.Struct({ epoch: Schema.Int, loss: Schema.Number, test: Quality.Quality }),
  run: (input, { kernels, report }): Trained => {
    const { data, recipe } = input
    const seed = Seed.root(input.seed).child("train")
    const model = Model.build(data, input.shape, { kernels, seed })
    const { network } = model
    const stepsPerEpoch = Math.floor(network.size / Math.min(input.batch, network.size))
    const steps = stepsPerEpoch * input.epochs
    const guard = falseMinimumGuard()
    let [falseMinima, losses, perturbation] = [0, 0, 0]
    const method = observed(Recipe.methodOf(recipe, steps), (state, loss) => {
      losses += loss
      if (state.radius === 0) return
      const [length, perturbed] = [state.gradient, state.perturbedGradient].map(Vector.norm)
      if (seesFalseMinimum(guard, length!, perturbed!)) falseMinima++
    })
    const batches = Minibatch.shuffled(network, {
      batchSize: input.batch,
      seed: seed.child("batches"),
    })
    const epochs: Array<Epoch> = []
    const point = model.start.slice()
    const waypoints = trajectory(method, batches, model.start, { steps, every: stepsPerEpoch })
    for (const { state, step } of waypoints) {
      if (step === 0) continue
      const epoch = {
        epoch: epochs.length + 1,
        loss: losses / stepsPerEpoch,
        test: Quality.measure(model, state.point, data.test),
        directionalSharpness: telemetry(state).directionalSharpness,
        trace: network.hessianTrace?.value(state.point) ?? Number.NaN,
      }
      losses = 0
      epochs.push(epoch)
      report(epoch)
      point.set(state.point)
      perturbation = state.radius === 0 ? 0 : Vector.distance(state.perturbed, state.before)
    }
    const gradient = new Float64Array(point.length)
    const loss = network.valueAndGradient(point, gradient)
    // the last step has no next one that would see it
    if (!Number.isFinite(loss)) throw new Diverged({ method: method.name, step: steps, loss })
    if (Number.isNaN(perturbation)) perturbation = Recipe.lengthOf(recipe, point, gradient)
    const { architecture, name } = network
    return {
      point,
      network: name,
      widths: architecture.widths,
      activation: architecture.activation,
      ...(model.targetScale !== undefined && { targetScale: model.targetScale }),
      method: method.name,
      steps,
      radius: Recipe.radiusOf(recipe),
      perturbation,
      loss,
      train: Quality.measure(model, point, data.train),
      test: Quality.measure(model, point, data.test),
      epochs,
      sharpness: Sharpness.measure(network, point, {
        learningRate: recipe.learningRate,
        radius: Recipe.theoreticalRadius(recipe, perturbation),
        tolerance: input.tolerance,
        seed: seed.child("sharpness"),
        kernels,
      }),
      falseMinima,
    }
  },
})
