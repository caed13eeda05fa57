/** The learning rate of a training that is given none: the largest that trains. */
import * as Elementary from "@nonconvex/numerics/Elementary"
import { Diverged } from "@nonconvex/problems/Diverged"
import type { BatchLoss } from "@nonconvex/problems/Objective"
import * as Attempt from "./Attempt.ts"
import * as Model from "./Model.ts"
import * as Recipe from "./Recipe.ts"
import type { TrainInput } from "./TrainInput.ts"

/** Maximum number of learning rates tried, each a quarter of the previous one. */
const mostRates = 8

/** Attempt at the given rate, or at the largest rate that trains. Throws Diverged if none does. */
export const attempted = <Of extends BatchLoss>(
  input: Parameters<typeof Attempt.run>[0] & Pick<TrainInput, "recipe">,
  model: Model.Model<Of>,
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
  const isRelu = Model.hasRelu(model.architecture)
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
