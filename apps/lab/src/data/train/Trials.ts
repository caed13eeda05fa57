/** Trainings on parts of the training rows, measured on the other training rows. */
import * as Prepared from "@nonconvex/datasets/Prepared"
import * as Split from "@nonconvex/datasets/Split"
import type * as Seed from "@nonconvex/numerics/Seed"
import { Effect } from "effect"
import * as Progress from "../../cli/Progress.ts"
import type { Settings } from "./Settings.ts"

/** A training on some of the rows. Its test part is the rows that it does not see. */
export interface Trial {
  readonly data: Prepared.Prepared
  readonly settings: Settings
}

/** Maximum number of folds of the given number of rows. */
export const feasible = ({ train }: Prepared.Prepared, folds: number): number =>
  Math.max(2, Math.min(folds, train.samples))

const everyRow = ({ train: { samples } }: Prepared.Prepared): ReadonlyArray<number> =>
  Array.from({ length: samples }, (_, i) => i)

const dealt = (
  { train: { name, samples, target } }: Prepared.Prepared,
  count: number,
  by: Seed.Seed,
) => Split.folds({ name, samples, target }, count, by)

/** The first `held` of `count` folds of the training rows, of all of them by default; each is held out once. */
export const foldsOf: (
  data: Prepared.Prepared,
  count: number,
  seed: Seed.Seed,
  some?: { readonly held?: number; readonly rows?: ReadonlyArray<number> },
) => Effect.Effect<ReadonlyArray<Prepared.Prepared>, Prepared.PreparedError> = Effect.fnUntraced(
  function* (data, count, seed, { held = count, rows = everyRow(data) } = {}) {
    const fold = dealt(data, count, seed)
    return yield* Effect.forEach(
      Array.from({ length: held }, (_, k) => k),
      (k) =>
        Effect.fromResult(
          Prepared.within(data, {
            train: rows.filter((i) => fold[i] !== k),
            test: rows.filter((i) => fold[i] === k),
          }),
        ),
    )
  },
)

/** At most `most` of the training rows, with as many of each class as there are among all. */
export const sampleOf = (
  data: Prepared.Prepared,
  most: number,
  seed: Seed.Seed,
): ReadonlyArray<number> => {
  const count = Math.ceil(data.train.samples / most)
  if (count < 2) return everyRow(data)
  const fold = dealt(data, count, seed)
  return everyRow(data).filter((i) => fold[i] === 0)
}

/** The results of trials in their order, with a line of progress. */
export const all = Effect.fnUntraced(function* <A, E, R>(
  label: string,
  trials: ReadonlyArray<Trial>,
  concurrency: number,
  result: (trial: Trial) => Effect.Effect<A, E, R>,
) {
  return yield* Progress.track({ label, total: trials.length, unit: "trainings" }, (meter) => {
    let done = 0
    return Effect.forEach(
      trials,
      (trial) => Effect.tap(result(trial), () => Effect.sync(() => meter.done(++done))),
      { concurrency },
    )
  })
})
