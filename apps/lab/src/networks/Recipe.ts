/** A method of the sharpness-aware family from the flags of the command line. */
import * as Vector from "@nonconvex/numerics/Vector"
import {
  grouped,
  Perturbation,
  everyNth,
  latePhase,
  repeatedAscent,
  sharpnessAware,
  type SharpnessAwareState,
} from "@nonconvex/optim-sam"
import type * as Minibatch from "@nonconvex/problems/Minibatch"
import * as Schedule from "@nonconvex/problems/Schedule"
import { adamW } from "@nonconvex/problems/AdamW"
import type { Method } from "@nonconvex/problems/Method"
import { momentum, nesterov, sgd } from "@nonconvex/problems/Sgd"
import type { Update } from "@nonconvex/problems/Update"
import { withClipping } from "@nonconvex/problems/Clipping"
import { withWeightDecay } from "@nonconvex/problems/Decay"
import { Effect } from "effect"
import { Misfit } from "../cli/Failure.ts"

export const perturbations = ["plain", "sam", "usam", "unified", "asam", "p-norm"] as const
export const bases = ["sgd", "momentum", "nesterov", "adamw"] as const

/** What the flags say; what is undefined was not given. */
export interface Recipe {
  readonly method: (typeof perturbations)[number]
  readonly base: (typeof bases)[number]
  readonly learningRate: number
  readonly schedule: "constant" | "cosine"
  readonly momentum: number | undefined
  readonly weightDecay: number
  readonly clip: number | undefined
  readonly radius: number | undefined
  readonly normalisation: number | undefined
  readonly p: number | undefined
  readonly ascents: number | undefined
  readonly groupSize: number | undefined
  readonly every: number | undefined
  /** The share of all steps before which steps are plain. */
  readonly late: number | undefined
}

/** Each flag that is about some methods only, and whether it was given to another. */
const misfits = (recipe: Recipe): ReadonlyArray<readonly [isMisfit: boolean, misfit: Misfit]> => {
  const given = (key: keyof Recipe, fits: boolean, flag: string, needs: string) =>
    [recipe[key] !== undefined && !fits, new Misfit({ flag, needs })] as const
  const perturbs = recipe.method !== "plain"
  const perturbing = "a --method other than plain"
  return [
    given("radius", perturbs, "radius", perturbing),
    given("normalisation", recipe.method === "unified", "normalisation", "--method unified"),
    given("p", recipe.method === "p-norm", "p", "--method p-norm"),
    given("ascents", perturbs, "ascents", perturbing),
    given("groupSize", perturbs, "group-size", perturbing),
    given("every", perturbs, "every", perturbing),
    given("late", perturbs, "late", perturbing),
    given("ascents", recipe.groupSize === undefined, "ascents", "no --group-size"),
    given(
      "momentum",
      recipe.base === "momentum" || recipe.base === "nesterov",
      "momentum",
      "--base momentum or nesterov",
    ),
  ]
}

/** The radius that is used where none is given, as the papers recommend. */
export const radiusOf = ({ method, radius }: Recipe): number =>
  method === "plain" ? 0 : (radius ?? (method === "asam" ? 0.5 : 0.05))

/**
 * The radius that theory speaks of: a Euclidean length for SAM, a factor of the gradient for USAM. The other rules measure
 * their radius otherwise, so for them it is the length of a perturbation.
 */
export const theoreticalRadius = (recipe: Recipe, perturbation: number): number =>
  recipe.method === "plain" || recipe.method === "sam" || recipe.method === "usam"
    ? radiusOf(recipe)
    : perturbation

const radiusSchedule = (recipe: Recipe, steps: number): Schedule.Schedule => {
  const constant = Schedule.constant(radiusOf(recipe))
  const late = recipe.late === undefined ? constant : latePhase(recipe.late * steps, constant)
  return recipe.every === undefined ? late : everyNth(recipe.every, late)
}

const perturbation = (recipe: Recipe, steps: number): Perturbation.Perturbation => {
  const radius = radiusSchedule(recipe, steps)
  switch (recipe.method) {
    case "plain":
    case "sam":
      return Perturbation.normalised(radius)
    case "usam":
      return Perturbation.unnormalised(radius)
    case "unified":
      return Perturbation.unified(radius, recipe.normalisation ?? 0.5)
    case "asam":
      return Perturbation.adaptive(radius)
    case "p-norm":
      return Perturbation.pNorm(radius, recipe.p ?? Number.POSITIVE_INFINITY)
  }
}

const baseUpdate = (recipe: Recipe, learningRate: Schedule.Schedule): Update => {
  const options = {
    learningRate,
    ...(recipe.momentum === undefined ? {} : { momentum: recipe.momentum }),
  }
  switch (recipe.base) {
    case "sgd":
      return sgd({ learningRate })
    case "momentum":
      return momentum(options)
    case "nesterov":
      return nesterov(options)
    case "adamw":
      return adamW({ learningRate })
  }
}

const update = (recipe: Recipe, steps: number): Update => {
  const learningRate =
    recipe.schedule === "cosine"
      ? Schedule.cosine(recipe.learningRate, steps)
      : Schedule.constant(recipe.learningRate)
  const base = baseUpdate(recipe, learningRate)
  const clipped =
    recipe.clip === undefined ? base : (withClipping(base, { maxNorm: recipe.clip }) as Update)
  return recipe.weightDecay === 0 ? clipped : withWeightDecay(clipped, { rate: recipe.weightDecay })
}

/** Euclidean length of the perturbation that a recipe makes of a gradient. */
export const lengthOf = (recipe: Recipe, point: Float64Array, gradient: Float64Array): number => {
  const out = new Float64Array(point.length)
  perturbation(recipe, 0).perturb(radiusOf(recipe), 0, point, gradient, out)
  return Vector.distance(out, point)
}

/** The method that a recipe asks for, over `steps` steps. Fails with `Misfit`. */
export const method = Effect.fn("Recipe.method")(function* (
  recipe: Recipe,
  steps: number,
): Effect.fn.Return<Method<SharpnessAwareState, Minibatch.Minibatch>, Misfit> {
  const found = misfits(recipe).find(([isMisfit]) => isMisfit)
  if (found !== undefined) return yield* found[1]
  const rule = perturbation(recipe, steps)
  const base = update(recipe, steps)
  const { ascents, groupSize } = recipe
  if (groupSize !== undefined) return grouped(rule, base, { size: groupSize })
  return ascents === undefined
    ? sharpnessAware(rule, base)
    : repeatedAscent(rule, base, { ascentSteps: ascents })
})
