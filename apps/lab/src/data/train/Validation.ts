/** Trainings on parts of the training rows: how well the recipe generalises, and which radius improves it. */
import * as Seed from "@nonconvex/numerics/Seed"
import type { train } from "@nonconvex/optim-sam/operations"
import { Effect, Schema } from "effect"
import type * as Prepared from "@nonconvex/datasets/Prepared"
import { reported } from "../../cli/Failure.ts"
import { Interval, ofHeldOut } from "./Interval.ts"
import { inputOf, type Settings } from "./Settings.ts"
import * as Radii from "./Radii.ts"
import * as Training from "./Training.ts"
import * as Trials from "./Trials.ts"

/** Accuracy on held-out folds: the share of correct rows, or of explained variance. */
export const CrossValidation = Schema.Struct({
  folds: Schema.Int,
  /** One number per fold. */
  scores: Schema.Array(Schema.Number),
  ...Interval.fields,
})
export type CrossValidation = typeof CrossValidation.Type

/** Effect of a radius on held-out rows. */
export const RadiusAdvice = Schema.Struct({
  /** The radii that were tried, with their scores on the folds that chose. */
  tried: Schema.Array(Schema.Struct({ radius: Schema.Finite, score: Schema.Number })),
  chosen: Schema.Finite,
  /** Pairs of trainings on other folds, with the radius and without perturbation. */
  pairs: Schema.Int,
  /** The score with the radius minus that without. */
  gain: Interval,
  /** True if the whole interval is above 0; else no radius is advised. */
  helps: Schema.Boolean,
})
export type RadiusAdvice = typeof RadiusAdvice.Type

/** Share of correct rows, or of explained variance; 0 for a target without variance. */
export const scoreOf = (quality: ReturnType<typeof train>["test"]): number =>
  quality._tag === "Accuracy" ? quality.accuracy : (quality.explained ?? 0)

/** The scores of trials on the rows that they do not see. */
const scores = (label: string, trials: ReadonlyArray<Trials.Trial>, jobs: number) =>
  Trials.all(
    label,
    trials,
    jobs,
    Effect.fnUntraced(function* ({ data, settings }) {
      const input = { ...(yield* inputOf(data, settings)), lean: true }
      return scoreOf((yield* Training.perform(input)).test)
    }),
  )

export const crossValidate = Effect.fn("Validation.crossValidate")(function* (
  data: Prepared.Prepared,
  settings: Settings,
  asked: number,
  jobs: number,
) {
  const folds = Trials.feasible(data, asked)
  const seed = Seed.root(settings.effort.seed).child("folds")
  const parts = yield* Trials.foldsOf(data, folds, seed)
  const found = yield* scores(
    "folds",
    parts.map((part) => ({ data: part, settings })),
    jobs,
  )
  const interval = ofHeldOut(found, 1 / folds)
  // a share ends at 1
  return {
    folds,
    scores: found,
    ...interval,
    high: Math.min(1, interval.high),
  } satisfies CrossValidation
}, reported)

/** Number of new partitions that check the chosen radius. */
const checks = 3

/** Chooses a radius on folds, and checks it on others, in pairs of the same seed, against no perturbation. */
export const adviseRadius = Effect.fn("Validation.adviseRadius")(function* (
  data: Prepared.Prepared,
  settings: Settings,
  asked: number,
  jobs: number,
) {
  const { effort, recipe } = settings
  const { method, radius: given } = recipe
  const folds = Trials.feasible(data, asked)
  const seed = Seed.root(effort.seed).child("advise")
  const radii = given === undefined ? Radii.tried[method] : [given]
  const withRadius = (radius: number, repeat: number): Settings => ({
    ...settings,
    effort: { ...effort, seed: effort.seed + repeat },
    recipe: { ...recipe, radius },
  })
  const choosing = yield* Trials.foldsOf(data, folds, seed.child("choose"))
  const chosenBy = yield* scores(
    "radii",
    radii.flatMap((radius) =>
      choosing.map((part) => ({ data: part, settings: withRadius(radius, 0) })),
    ),
    jobs,
  )
  const tried = radii.map((radius, k) => {
    const own = chosenBy.slice(k * folds, (k + 1) * folds)
    return { radius, score: own.reduce((sum, score) => sum + score, 0) / folds }
  })
  const chosen = tried.reduce((best, each) => (each.score > best.score ? each : best)).radius
  const pairs: Array<Trials.Trial> = []
  for (let repeat = 1; repeat <= checks; repeat++) {
    for (const part of yield* Trials.foldsOf(data, folds, seed.child("check").child(repeat))) {
      for (const radius of [chosen, 0])
        pairs.push({ data: part, settings: withRadius(radius, repeat) })
    }
  }
  const checked = yield* scores("check", pairs, jobs)
  const differences = Array.from(
    { length: pairs.length / 2 },
    (_, k) => checked[2 * k]! - checked[2 * k + 1]!,
  )
  const gain = ofHeldOut(differences, 1 / folds)
  return {
    tried,
    chosen,
    pairs: differences.length,
    gain,
    helps: gain.low > 0,
  } satisfies RadiusAdvice
}, reported)
