/** A method of the sharpness-aware family as data. */
import { invalid } from "@nonconvex/numerics/InvalidInput"
import { Count, NotNegative, Positive, Share } from "@nonconvex/problems/Fields"
import * as Vector from "@nonconvex/numerics/Vector"
import { adamW } from "@nonconvex/problems/AdamW"
import { withClipping } from "@nonconvex/problems/GradientClipping"
import { withWeightDecay } from "@nonconvex/problems/WeightDecay"
import type { Method } from "@nonconvex/problems/Method"
import type * as Minibatch from "@nonconvex/problems/Minibatch"
import type { Stochastic } from "@nonconvex/problems/Objective"
import * as Perturbation from "@nonconvex/problems/Perturbation"
import * as Schedule from "@nonconvex/problems/Schedule"
import { momentum } from "@nonconvex/problems/Momentum"
import { nesterov } from "@nonconvex/problems/Nesterov"
import { sgd } from "@nonconvex/problems/Sgd"
import {
  repeatedAscent,
  sharpnessAware,
  type SharpnessAwareState,
} from "@nonconvex/problems/SharpnessAware"
import type { Update } from "@nonconvex/problems/Update"
import { Schema } from "effect"
import { grouped } from "../methods/MSam.ts"
import { everyNth, latePhase } from "../methods/RadiusSchedule.ts"

export const Base = Schema.Literals(["sgd", "momentum", "nesterov", "adamw"])

/** Recipe of a training method. Absent settings have the default of the method. */
export const Recipe = Schema.Struct({
  method: Schema.Literals(["plain", "sam", "usam", "unified", "asam", "p-norm"]),
  /** Base optimizer; default adamw, or sgd if a learning rate is given. */
  base: Schema.optional(Base),
  /** Default by the base, see `learningRates`. */
  learningRate: Schema.optional(Positive),
  /** Schedule; default constant, or cosine if neither a base nor a learning rate is given. */
  schedule: Schema.optional(Schema.Literals(["constant", "cosine"])),
  momentum: Schema.optional(Share),
  weightDecay: NotNegative,
  /** Longest gradient that moves the point; default any. */
  clip: Schema.optional(Positive),
  /** Default 0.3, of p-norm 0.05, of asam 0.5. */
  radius: Schema.optional(NotNegative),
  /** Normalisation of unified SAM: 0 is USAM, 1 is SAM; default 0.5. */
  normalisation: Schema.optional(Share),
  /** Exponent of the p-norm; default Infinity. */
  p: Schema.optional(Schema.Number.check(Schema.isGreaterThan(1))),
  /** Number of ascents before the descent; default 1. */
  ascents: Schema.optional(Count),
  /** Samples that share a perturbation; default the whole batch. */
  groupSize: Schema.optional(Count),
  /** Perturb at every n-th step only; default 1. */
  every: Schema.optional(Count),
  /** Share of all steps that are plain, at the start; default 0. */
  late: Schema.optional(Share),
})
export type Recipe = typeof Recipe.Type

/** First learning rate tried for each base if none is given; smaller ones follow if it does not train. */
export const learningRates: Readonly<Record<typeof Base.Type, number>> = {
  sgd: 0.1,
  momentum: 0.02,
  nesterov: 0.02,
  adamw: 0.01,
}

/** Default rate of adamw in ReLU networks, chosen with their initialisation on synthetic data; it is too small for a linear model. */
export const reluRate = 0.003

export const baseOf = ({ base, learningRate }: Recipe): typeof Base.Type =>
  base ?? (learningRate === undefined ? "adamw" : "sgd")

/** Recipe with its learning rate, base and schedule resolved. */
export interface Rated extends Recipe {
  readonly base: typeof Base.Type
  readonly learningRate: number
  readonly schedule: "constant" | "cosine"
}

/** The recipe at a learning rate, with all defaults filled in. */
export const rated = (recipe: Recipe, learningRate: number): Rated => {
  const { base, learningRate: given, schedule } = recipe
  const isOpen = base === undefined && given === undefined
  return {
    ...recipe,
    base: baseOf(recipe),
    learningRate,
    schedule: schedule ?? (isOpen ? "cosine" : "constant"),
  }
}

const radii = { plain: 0, sam: 0.3, usam: 0.3, unified: 0.3, asam: 0.5, "p-norm": 0.05 } as const

/** Radius, by default one that suits small networks; 0 for a plain method. */
export const radiusOf = ({ method, radius }: Recipe): number =>
  method === "plain" ? 0 : (radius ?? radii[method])

/** Gradients of the batch that a step of the recipe takes, on average over a training. */
export const gradientsPerStep = ({
  ascents = 1,
  every = 1,
  late = 0,
  method,
  radius,
}: Recipe): number => (method === "plain" || radius === 0 ? 1 : 1 + (ascents * (1 - late)) / every)

/**
 * Radius in the sense of the theory: a Euclidean length for SAM, a factor of the gradient for USAM. Other rules define their
 * radius differently, so for them it is the length of a perturbation.
 */
export const theoreticalRadius = (recipe: Recipe, perturbation: number): number =>
  recipe.method === "plain" || recipe.method === "sam" || recipe.method === "usam"
    ? radiusOf(recipe)
    : perturbation

const radiusSchedule = (recipe: Recipe, steps: number): Schedule.Schedule => {
  const radius = radiusOf(recipe)
  const constant = () => radius
  const late = recipe.late === undefined ? constant : latePhase(recipe.late * steps, constant)
  return recipe.every === undefined ? late : everyNth(recipe.every, late)
}

const perturbationOf = (recipe: Recipe, steps: number): Perturbation.Perturbation => {
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

const updateAt = ({ base, momentum: decay }: Rated, learningRate: Schedule.Schedule): Update => {
  const options = { learningRate, ...(decay === undefined ? {} : { momentum: decay }) }
  return { sgd, momentum, nesterov, adamw: adamW }[base](options)
}

const updateOf = (recipe: Rated, steps: number): Update => {
  const { learningRate: initial, schedule } = recipe
  const learningRate = schedule === "cosine" ? Schedule.cosine(initial, steps) : () => initial
  const base = updateAt(recipe, learningRate)
  const clipped =
    recipe.clip === undefined ? base : (withClipping(base, { maxNorm: recipe.clip }) as Update)
  return recipe.weightDecay === 0 ? clipped : withWeightDecay(clipped, { rate: recipe.weightDecay })
}

/** Euclidean length of the perturbation that a recipe makes of a gradient. */
export const lengthOf = (recipe: Recipe, point: Float64Array, gradient: Float64Array): number => {
  const out = new Float64Array(point.length)
  perturbationOf(recipe, 0).perturb(radiusOf(recipe), 0, point, gradient, out)
  return Vector.distance(out, point)
}

/** The method of a recipe over `steps` steps, on batches that are used as a whole. Throws InvalidInput on a group size. */
export const batchMethodOf = (
  recipe: Rated,
  steps: number,
): Method<SharpnessAwareState, Stochastic> => {
  const { ascents, groupSize } = recipe
  if (groupSize !== undefined) {
    invalid("train", "a group of a batch needs samples that do not depend on each other", {
      groupSize,
    })
  }
  const rule = perturbationOf(recipe, steps)
  const base = updateOf(recipe, steps)
  return ascents === undefined
    ? sharpnessAware(rule, base)
    : repeatedAscent(rule, base, { ascentSteps: ascents })
}

/** The method of a recipe over `steps` steps. */
export const methodOf = (
  recipe: Rated,
  steps: number,
): Method<SharpnessAwareState, Minibatch.Minibatch> => {
  const { groupSize } = recipe
  if (groupSize === undefined) return batchMethodOf(recipe, steps)
  return grouped(perturbationOf(recipe, steps), updateOf(recipe, steps), { size: groupSize })
}
