/** The training of a network on the user's own data. */
import { Float64s } from "@nonconvex/problems/Fields"
import { operation } from "@nonconvex/problems/Operation"
import { ArenaFull } from "@nonconvex/numerics/ArenaFull"
import * as Elementary from "@nonconvex/numerics/Elementary"
import { InvalidInput } from "@nonconvex/numerics/InvalidInput"
import type { Kernels } from "@nonconvex/numerics/Kernels"
import * as Seed from "@nonconvex/numerics/Seed"
import { Diverged } from "@nonconvex/problems/Diverged"
import { Schema } from "effect"
import * as Attempt from "./Attempt.ts"
import * as Model from "./Model.ts"
import * as Quality from "./Quality.ts"
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

/** Maximum number of learning rates tried, each a quarter of the previous one. */
const mostRates = 8

/** Attempt at the given rate, or at the largest rate that trains. Throws Diverged if none does. */
const attempted = (
  input: TrainInput,
  model: Model.Model,
  options: Attempt.Options & { readonly constant: number },
): { readonly attempt: Attempt.Attempt; readonly tooLarge: ReadonlyArray<number> } => {
  const { recipe } = input
  const given = recipe.learningRate
  if (given !== undefined) {
    const attempt = Attempt.run(input, Recipe.rated(recipe, given), model, options)
    return { attempt, tooLarge: [] }
  }
  const { constant } = options
  const base = Recipe.baseOf(recipe)
  const isRelu = Model.hasRelu(model.network.architecture)
  const first = base === "adamw" && isRelu ? Recipe.reluRate : Recipe.learningRates[base]
  const tooLarge: Array<number> = []
  let best: { readonly attempt: Attempt.Attempt; readonly tried: number } | undefined
  let last: unknown
  for (let k = 0; k < mostRates; k++) {
    const learningRate = first / Elementary.pow(4, k)
    try {
      const attempt = Attempt.run(input, Recipe.rated(recipe, learningRate), model, {
        ...options,
        ceiling: 3 * constant,
      })
      if (best === undefined || attempt.loss < best.attempt.loss) best = { attempt, tried: k }
      // else a constant would have been as good: units that are dead, or a loss that jumps
      if (attempt.loss < 0.98 * constant) break
    } catch (error) {
      if (!(error instanceof Diverged)) throw error
      last = error
    }
    tooLarge.push(learningRate)
  }
  if (best === undefined) throw last
  return { attempt: best.attempt, tooLarge: tooLarge.slice(0, best.tried) }
}

const sharpnessOf = (
  { recipe }: TrainInput,
  { network }: Model.Model,
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
    const { attempt, tooLarge } = attempted(input, model, { report, seed, constant })
    const { architecture, name } = model.network
    const { point, ...found } = attempt
    return {
      ...found,
      point,
      network: name,
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
