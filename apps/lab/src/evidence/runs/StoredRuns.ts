/** Runs of a store as the lines of a bundle. */
import { type KeptRun, Runs } from "@nonconvex/store/Runs"
import { Effect, Stream } from "effect"
import * as Bundle from "./Bundle.ts"

/** Complete runs, one after another. */
const whole = (runs: ReadonlyArray<KeptRun>) =>
  Stream.unwrap(
    Effect.map(Runs, ({ partsOf }) =>
      Stream.mapEffect(Stream.fromIterable(runs), (run) =>
        Effect.map(partsOf(run.id), (parts) => ({ run, parts })),
      ),
    ),
  )

/** Lines of these runs, and of the sweeps that they belong to. */
export const lines = (runs: ReadonlyArray<KeptRun>) =>
  Stream.unwrap(
    Effect.gen(function* () {
      const ids = new Set(runs.map(({ id }) => id))
      const sweeps = (yield* (yield* Runs).sweeps).filter(({ trials }) =>
        trials.some((id) => ids.has(id)),
      )
      return Bundle.encode(sweeps, whole(runs))
    }),
  )

/** Lines of all runs. */
export const allLines = Stream.unwrap(Effect.flatMap(Runs, ({ list }) => Effect.map(list(), lines)))
