/** Choice of the method and of its radius by held-out error, where none is given. */
import type * as Prepared from "@nonconvex/datasets/Prepared"
import * as Seed from "@nonconvex/numerics/Seed"
import { gradientsPerStep, lengthOf } from "@nonconvex/optim-sam/operations"
import { Effect, Schema } from "effect"
import { reported } from "../../cli/Failure.ts"
import * as Student from "../../statistics/Student.ts"
import { Interval } from "./Interval.ts"
import * as Radii from "./Radii.ts"
import { rowErrors } from "./RowErrors.ts"
import { type Asked, inputOf, type Settings } from "./Settings.ts"
import * as Training from "./Training.ts"
import * as Trials from "./Trials.ts"

/** A method at a radius, and its held-out error. */
const Candidate = Schema.Struct({
  method: Schema.String,
  radius: Schema.Finite,
  /** Epochs of a training; a method of two gradients a step has half of them. */
  epochs: Schema.Int,
  /** Passes over the rows, of one gradient each. */
  passes: Schema.Finite,
  /** Share of wrong rows, weighted by class weights if given, or share of unexplained variance; absent if it diverged. */
  error: Schema.optionalKey(Interval),
  /** The error minus that of the first candidate, row by row; absent for the first, or if either diverged. */
  difference: Schema.optionalKey(Interval),
})
export type Candidate = typeof Candidate.Type

/** Comparison of candidates on rows of the training set that were held out. */
export const Comparison = Schema.Struct({
  /** Parts of the rows that were held out in turn. */
  parts: Schema.Int,
  /** Training rows that took part, and those of them on which errors were measured. */
  rows: Schema.Int,
  heldOut: Schema.Int,
  /** The cheapest first: it is kept unless the whole interval of a difference is below 0. */
  candidates: Schema.Array(Candidate),
  /** Place of the chosen one. */
  chosen: Schema.Int,
})
export type Comparison = typeof Comparison.Type

/** The settings to train with, and the comparison or the reason why there is none. */
export interface Choice {
  readonly settings: Settings
  readonly comparison?: Comparison
  readonly unchosen?: string
}

/** Rows below which no comparison is made. */
const fewest = 20
/** Largest number of rows of which all are held out in turn; of more, a fifth is enough. */
const mostInTurn = 1000
/** Largest number of rows that are compared on, so that large tables cost little more. */
const most = 10_000
const parts = 5

type Recipe = Settings["recipe"]

/** The recipes to compare, the cheapest first; one if there is nothing to choose. */
const candidatesOf = ({ recipe }: Asked): readonly [Recipe, ...Recipe[]] => {
  const { method, radius } = recipe
  const perturbing = method === "auto" ? "sam" : method
  const of = { ...recipe, method: perturbing } as const
  const radii = radius === undefined ? Radii.tried[perturbing] : [radius]
  const [first = of, ...others] = radii.map((each) => ({ ...of, radius: each }))
  return method === "auto" ? [{ ...recipe, method: "plain" }, first, ...others] : [first, ...others]
}

/** Place of the candidate to keep: the lowest error of those whose difference from the first is below 0, else the first. */
export const better = (
  candidates: ReadonlyArray<Pick<Candidate, "difference" | "error">>,
): number => {
  const trained = candidates.flatMap(({ error }, k) => (error === undefined ? [] : [k]))
  const errorOf = (k: number) => candidates[k]!.error!.mean
  const lowest = (places: ReadonlyArray<number>, otherwise: number) =>
    places.reduce((best, k) => (errorOf(k) < errorOf(best) ? k : best), places[0] ?? otherwise)
  if (candidates[0]!.error === undefined) return lowest(trained, 0)
  return lowest(
    trained.filter((k) => candidates[k]!.difference && candidates[k]!.difference.high < 0),
    0,
  )
}

const intervalOf = (values: ReadonlyArray<number>): Interval => {
  const { high, low, mean } = Student.sample(values)
  return { mean, low, high }
}

/** Epochs of a recipe that take as many gradients as `epochs` of the first. */
const epochsAt = (epochs: number, first: Recipe, recipe: Recipe): number =>
  Math.max(1, Math.round((epochs * gradientsPerStep(first)) / gradientsPerStep(recipe)))

/** The errors of a recipe on rows that it does not see; undefined if it diverges. */
const errorsOf = Effect.fnUntraced(function* (
  { data, settings }: Trials.Trial,
  spread: Prepared.Prepared,
) {
  const input = { ...(yield* inputOf(data, settings)), lean: true }
  const { classWeights } = input.data
  const found = yield* Effect.catchTag(Training.perform(input), "Diverged", () =>
    Effect.succeed(undefined),
  )
  return (
    found &&
    (yield* rowErrors(found, settings.shape, data.test, {
      classWeights,
      spread: spread.train.target,
    }))
  )
})

const compared = Effect.fnUntraced(function* (
  data: Prepared.Prepared,
  asked: Asked,
  recipes: readonly [Recipe, ...Recipe[]],
  jobs: number,
) {
  const { effort } = asked
  const seed = Seed.root(effort.seed).child("choice")
  const rows = Trials.sampleOf(data, most, seed.child("rows"))
  const held = rows.length <= mostInTurn ? parts : 1
  const divided = yield* Trials.foldsOf(data, parts, seed.child("parts"), { held, rows })
  const [reference] = recipes
  const settingsOf = (recipe: Recipe, of: Prepared.Prepared): Settings => {
    const { dimension, features } = of.train
    const { epochs } = lengthOf({ ...effort, data: { dimension, train: { features } } })
    return {
      ...asked,
      recipe,
      effort: { ...effort, epochs: epochsAt(epochs, reference, recipe) },
    }
  }
  const trials = recipes.flatMap((recipe) =>
    divided.map((part) => ({ data: part, settings: settingsOf(recipe, part) })),
  )
  const errors = yield* Trials.all("compare", trials, jobs, (trial) => errorsOf(trial, data))
  const ofRecipe = recipes.map((_, k) => {
    const own = errors.slice(k * held, (k + 1) * held)
    return own.includes(undefined) ? undefined : own.flatMap((each) => each!)
  })
  const [first] = ofRecipe
  const settings = recipes.map((recipe) => settingsOf(recipe, data))
  const candidates = settings.map(({ effort: { epochs }, recipe }, k): Candidate => {
    const own = ofRecipe[k]
    return {
      method: recipe.method,
      radius: recipe.method === "plain" ? 0 : recipe.radius!,
      epochs: epochs!,
      passes: epochs! * gradientsPerStep(recipe),
      ...(own && { error: intervalOf(own) }),
      ...(k > 0 &&
        own &&
        first && { difference: intervalOf(own.map((each, i) => each - first[i]!)) }),
    }
  })
  const chosen = better(candidates)
  const heldOut = divided.reduce((sum, { test }) => sum + test.samples, 0)
  const comparison = { parts: held, rows: rows.length, heldOut, candidates, chosen }
  return { settings: settings[chosen]!, comparison } satisfies Choice
})

/** Tests whether `choose` has candidates to compare. */
export const isOpen = ({ recipe: { method, radius } }: Pick<Asked, "recipe">): boolean =>
  method === "auto" || (method !== "plain" && radius === undefined)

/**
 * Compares the candidates by the errors of rows that they do not see, each after as many gradients as the others, and keeps the
 * cheapest unless another is better by its whole interval. Where rows cannot be held out, the usual recipe is assumed.
 */
export const choose = Effect.fn("MethodChoice.choose")(function* (
  data: Prepared.Prepared,
  asked: Asked,
  { isContinued, jobs }: { readonly isContinued: boolean; readonly jobs: number },
) {
  const { method } = asked.recipe
  const recipes = candidatesOf(asked)
  const unchosen: Recipe = method === "auto" ? recipes[0] : { ...asked.recipe, method }
  const settings: Settings = { ...asked, recipe: unchosen }
  const what = method === "auto" ? "--method plain" : "the usual --radius"
  const assume = (because: string): Choice => ({ settings, unchosen: `${what}: ${because}` })
  if (!isOpen(asked)) return { settings } satisfies Choice
  if (isContinued)
    return assume("the network may have seen every row, so none can be held out to compare methods")
  if (data.train.samples < fewest)
    return assume(`${data.train.samples} training rows are too few to hold some out`)
  // a part may lack what all rows together have, such as a column with values
  return yield* Effect.catchTags(compared(data, asked, recipes, jobs), {
    NoFeatures: ({ message }) => Effect.succeed(assume(`on a part of the rows, ${message}`)),
  })
}, reported)
