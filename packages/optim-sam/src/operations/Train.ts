/** The training of a network on the user's own data. */
import { Float64s } from "@nonconvex/problems/Fields"
import { operation } from "@nonconvex/problems/Operation"
import { ArenaFull } from "@nonconvex/numerics/ArenaFull"
import { InvalidInput } from "@nonconvex/numerics/InvalidInput"
import type { Kernels } from "@nonconvex/numerics/Kernels"
import * as Seed from "@nonconvex/numerics/Seed"
import { Diverged } from "@nonconvex/problems/Diverged"
import { Schema } from "effect"
import * as Attempt from "./Attempt.ts"
import * as Model from "./Model.ts"
import * as Quality from "./Quality.ts"
import * as Rate from "./Rate.ts"
import * as Recipe from "./Recipe.ts"
import * as Sharpness from "./Sharpness.ts"
import { TrainInput } from "./TrainInput.ts"

export const Trained = Schema.Struct({
  /** The trained parameters, layer after layer. */
  point: Float64s,
  network: Schema.String,
  /** Widths of a fully connected network. */
  widths: Schema.optional(Schema.Array(Schema.Int)),
  activation: Schema.optional(Model.Shape.fields.activation),
  /** A value is `shift + scale * output`; absent for classes. */
  targetScale: Schema.optional(Schema.Struct({ shift: Schema.Finite, scale: Schema.Finite })),
  method: Schema.String,
  base: Recipe.Base,
  steps: Schema.Int,
  learningRate: Schema.Finite,
  /** Larger rates that did not train, if no rate was given. */
  tooLarge: Schema.Array(Schema.Finite),
  radius: Schema.Finite,
  /**
   * Euclidean length of the last perturbation; for groups, each with its own, that of the perturbation of the final training
   * loss.
   */
  perturbation: Schema.Finite,
  loss: Schema.Number,
  /** Training loss of the best constant: a network above it has learnt nothing. */
  constantLoss: Schema.Number,
  /** Epoch of these parameters: the last one, or the best on the validation rows. */
  bestEpoch: Schema.Int,
  train: Quality.Quality,
  test: Quality.Quality,
  epochs: Schema.Array(Attempt.Epoch),
  /** Absent for a lean training. */
  sharpness: Schema.optional(Sharpness.Sharpness),
  /** Number of steps at which only the perturbed gradient vanished. */
  falseMinima: Schema.Int,
})
export type Trained = typeof Trained.Type

const sharpnessOf = (
  { recipe }: TrainInput,
  { network }: Model.OfSamples,
  { learningRate, perturbation, point }: Attempt.Attempt,
  seed: Seed.Seed,
  kernels: Kernels,
): Sharpness.Sharpness =>
  Sharpness.measure(network, point, {
    learningRate,
    radius: Recipe.theoreticalRadius(recipe, perturbation),
    seed: seed.child("sharpness"),
    kernels,
  })

/** Trains a network, and reports its accuracy and the sharpness of its minimum. Throws Diverged, InvalidInput and ArenaFull. */
export const train = operation({
  id: "optim-sam/train",
  input: TrainInput,
  output: Trained,
  failure: Schema.Union([ArenaFull, Diverged, InvalidInput]),
  progress: Schema.Struct({ epoch: Schema.Int, loss: Schema.Number, test: Quality.Quality }),
  run: (input, { kernels, report }): Trained => {
    const { data, lean = false, recipe, shape, start } = input
    const seed = Seed.root(input.seed).child("train")
    const model = Model.build(data, shape, { kernels, seed, start })
    const constant = Quality.constantLoss(data.train, data.classWeights)
    const { attempt, tooLarge } = Rate.attempted(input, model, { report, seed, constant })
    const { architecture, network } = model
    const { point, ...found } = attempt
    return {
      ...found,
      point,
      network: network.name,
      ...("blocks" in shape
        ? {}
        : {
            widths: [architecture.inputs, ...shape.hidden, architecture.outputs],
            activation: shape.hidden.length === 0 ? "identity" : shape.activation,
          }),
      ...(model.targetScale !== undefined && { targetScale: model.targetScale }),
      base: Recipe.baseOf(recipe),
      constantLoss: constant,
      tooLarge,
      radius: Recipe.radiusOf(recipe),
      train: Quality.measure(model, point, data.train),
      test: Quality.measure(model, point, data.test),
      ...(!lean && { sharpness: sharpnessOf(input, model, attempt, seed, kernels) }),
    }
  },
})
