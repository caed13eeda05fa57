/** The descent of a training, epoch by epoch. */
import type * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import {
  falseMinimumGuard,
  seesFalseMinimum,
  type SharpnessAwareState,
  telemetry,
} from "@nonconvex/optim-sam"
import * as Minibatch from "@nonconvex/problems/Minibatch"
import { descend, type Diverged } from "@nonconvex/problems/Descent"
import type { Method } from "@nonconvex/problems/Method"
import { Effect, Schema, Stream } from "effect"
import type { Model } from "../../networks/Model.ts"
import type { Prepared } from "./Prepared.ts"
import * as Quality from "./Quality.ts"

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

export interface Trained {
  readonly point: Float64Array
  readonly epochs: ReadonlyArray<Epoch>
  /** Euclidean length of the last perturbation; 0 without one, NaN where each of several groups had its own. */
  readonly perturbation: number
  /** Steps at which the guard saw a point that only the perturbed gradient takes for a minimum. */
  readonly falseMinima: number
}

export interface Plan {
  readonly method: Method<SharpnessAwareState, Minibatch.Minibatch>
  readonly batchSize: number
  readonly stepsPerEpoch: number
  readonly epochs: number
  readonly seed: Seed.Seed
  readonly onEpoch: (epoch: Epoch) => void
}

/** The method, which also feeds `onStep` with its state after each step that it could take. */
const observed = (
  method: Plan["method"],
  onStep: (state: SharpnessAwareState, loss: number) => void,
): Plan["method"] => ({
  ...method,
  step: (state) => {
    const loss = method.step(state)
    if (state.status === "running") onStep(state, loss)
    return loss
  },
})

/** Whole batches in an epoch; a short last one is dropped. */
export const stepsPerEpoch = (samples: number, batchSize: number): number =>
  Math.floor(samples / Math.min(batchSize, samples))

/** Trains and returns the last point. Interruptible. Fails with `Diverged`. */
export const train = Effect.fn("Training.train")(function* (
  model: Model,
  { test }: Prepared,
  plan: Plan,
): Effect.fn.Return<Trained, Diverged> {
  const guard = falseMinimumGuard()
  let falseMinima = 0
  let losses = 0
  let perturbation = 0
  const method = observed(plan.method, (state, loss) => {
    losses += loss
    if (state.radius === 0) return
    if (seesFalseMinimum(guard, Vector.norm(state.gradient), Vector.norm(state.perturbedGradient)))
      falseMinima++
  })
  const batches = Minibatch.shuffled(model.network, {
    batchSize: plan.batchSize,
    seed: plan.seed.child("batches"),
  })
  const epochs: Array<Epoch> = []
  const point = model.start.slice()
  yield* descend(method, batches, model.start, {
    steps: plan.epochs * plan.stepsPerEpoch,
    every: plan.stepsPerEpoch,
  }).pipe(
    Stream.drop(1),
    Stream.runForEach(({ state }) =>
      Effect.sync(() => {
        const epoch = {
          epoch: epochs.length + 1,
          loss: losses / plan.stepsPerEpoch,
          test: Quality.measure(model, state.point, test),
          directionalSharpness: telemetry(state).directionalSharpness,
          trace: model.network.hessianTrace?.value(state.point) ?? Number.NaN,
        }
        losses = 0
        epochs.push(epoch)
        plan.onEpoch(epoch)
        point.set(state.point)
        perturbation = state.radius === 0 ? 0 : Vector.distance(state.perturbed, state.before)
      }),
    ),
  )
  return { point, epochs, perturbation, falseMinima }
})
