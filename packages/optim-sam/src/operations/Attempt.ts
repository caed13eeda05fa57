/** A training at one learning rate. */
import type * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import { Diverged } from "@nonconvex/problems/Diverged"
import type { Method } from "@nonconvex/problems/Method"
import type { BatchLoss } from "@nonconvex/problems/Objective"
import * as Minibatch from "@nonconvex/problems/Minibatch"
import type { SharpnessAwareState } from "@nonconvex/problems/SharpnessAware"
import { trajectory } from "@nonconvex/problems/Trajectory"
import { Schema } from "effect"
import { falseMinimumGuard, seesFalseMinimum } from "../monitor/FalseMinimumGuard.ts"
import { telemetry } from "../monitor/Telemetry.ts"
import type { Model } from "./Model.ts"
import * as Quality from "./Quality.ts"
import * as Recipe from "./Recipe.ts"
import { lengthOf, type TrainInput } from "./TrainInput.ts"

/** The state of a training after an epoch. */
export const Epoch = Schema.Struct({
  epoch: Schema.Int,
  /** Mean loss over the batches of the epoch, each before its step. */
  loss: Schema.Number,
  test: Quality.Quality,
  /** Loss on the validation rows, if any. */
  validation: Schema.optionalKey(Quality.Quality),
  /** Sharpness along the last step's perturbation, free of charge; NaN without one. */
  directionalSharpness: Schema.Number,
  /** Exact trace of the Hessian of the whole training loss; NaN without a formula. */
  trace: Schema.Number,
})
type Epoch = typeof Epoch.Type

export interface Options {
  readonly seed: Seed.Seed
  readonly report: (epoch: Epoch) => void
  /** Largest loss after the first epoch of a convergent training, or relative to its first epoch; default unlimited. */
  readonly ceiling?: number
}

/** Method that takes steps one by one and calls `onStep` with its state after each. */
const observed = <State extends SharpnessAwareState, Of extends BatchLoss>(
  method: Method<State, Minibatch.Minibatch<Of>>,
  onStep: (state: State, loss: number) => void,
): Method<State, Minibatch.Minibatch<Of>> => ({
  ...method,
  step: (state) => {
    const loss = method.step(state)
    if (state.status === "running") onStep(state, loss)
    return loss
  },
  twin: undefined,
})

/** Trains from the model's initial parameters. Throws Diverged, also if a finite loss exceeds the ceiling. */
export const run = <Of extends BatchLoss>(
  input: Pick<TrainInput, "batch" | "data" | "epochs" | "lean" | "patience">,
  recipe: Recipe.Rated,
  model: Model<Of>,
  { ceiling = Number.POSITIVE_INFINITY, report, seed }: Options,
) => {
  const { batch, data, lean = false, patience } = input
  const { epochs: most, stepsPerEpoch } = lengthOf(input)
  const steps = stepsPerEpoch * most
  const guard = falseMinimumGuard()
  let [falseMinima, losses, perturbation] = [0, 0, 0]
  const method = observed(model.methodOf(recipe, steps), (state, loss) => {
    losses += loss
    if (state.radius === 0) return
    const [length, perturbed] = [state.gradient, state.perturbedGradient].map(Vector.norm)
    if (seesFalseMinimum(guard, length!, perturbed!)) falseMinima++
  })
  const batches = Minibatch.shuffled(model.sum, { batchSize: batch, seed: seed.child("batches") })
  const epochs: Array<Epoch> = []
  const point = model.start.slice()
  let [bestEpoch, least] = [0, Number.POSITIVE_INFINITY]
  const waypoints = trajectory(method, batches, model.start, { steps, every: stepsPerEpoch })
  for (const { state, step } of waypoints) {
    if (step === 0) continue
    const { validation } = data
    const epoch: Epoch = {
      epoch: epochs.length + 1,
      loss: losses / stepsPerEpoch,
      test: Quality.measure(model, state.point, data.test),
      ...(validation && { validation: Quality.measure(model, state.point, validation) }),
      directionalSharpness: telemetry(state).directionalSharpness,
      trace: lean ? Number.NaN : (model.trace?.(state.point) ?? Number.NaN),
    }
    losses = 0
    epochs.push(epoch)
    report(epoch)
    if (epochs.length > 1 && epoch.loss > Math.max(ceiling, epochs[0]!.loss)) {
      throw new Diverged({ method: method.name, step, loss: epoch.loss })
    }
    perturbation = state.radius === 0 ? 0 : Vector.distance(state.perturbed, state.before)
    const measured = epoch.validation?.loss ?? Number.NEGATIVE_INFINITY
    if (measured < least || epoch.validation === undefined) {
      ;[bestEpoch, least] = [epoch.epoch, measured]
      point.set(state.point)
    }
    if (patience !== undefined && epoch.epoch - bestEpoch >= patience) break
  }
  const gradient = new Float64Array(point.length)
  const loss = model.loss(point, gradient)
  // the last step has no next one that would see it
  if (!Number.isFinite(loss)) throw new Diverged({ method: method.name, step: steps, loss })
  if (Number.isNaN(perturbation)) perturbation = Recipe.lengthOf(recipe, point, gradient)
  return {
    method: method.name,
    learningRate: recipe.learningRate,
    steps: epochs.length * stepsPerEpoch,
    point,
    /** Loss of the whole training part at `point`. */
    loss,
    perturbation,
    epochs,
    bestEpoch,
    falseMinima,
  }
}

/** Result of one training. */
export type Attempt = ReturnType<typeof run>
