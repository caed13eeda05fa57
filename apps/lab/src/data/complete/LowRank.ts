/** Low rank of a table, as a search that the time may end. */
import type { Entries } from "@nonconvex/datasets/Entries"
import { complete, fitTable, system } from "@nonconvex/matrix-factorization/operations"
import * as Elementary from "@nonconvex/numerics/Elementary"
import { operate } from "@nonconvex/runner/Operations"
import { Deferred, Effect } from "effect"
import { track } from "../../cli/Progress.ts"
import { margin } from "../../cli/TextTable.ts"
import type { Input } from "./CompleteFlags.ts"
import type { Completed } from "./CompleteReport.ts"

/** Share of the remaining progress assigned to each fit, since the number of fits is unknown in advance. */
const share = 0.03

/** Progress after so many fits. */
export const progressOf = (fits: number): number => 1 - Elementary.pow(1 - share, fits)

/** Completes the table; when the time runs out, with the best result so far. */
export const completed = Effect.fnUntraced(function* (
  { table }: Entries,
  { folds, rank, seed, time }: Pick<Input, "folds" | "rank" | "seed" | "time">,
) {
  const options = { folds, seed, ...(rank !== undefined && { rank }) }
  const parts = Math.min(folds, table.values.length)
  const best: { soFar?: Completed["validation"]; isFinal?: boolean } = {}
  const first = yield* Deferred.make<void>()
  return yield* track({ label: "complete", total: 1 }, ({ done, note }) => {
    const all = operate(system, complete, { table, ...options }, ({ fits, isFinal, soFar }) => {
      best.soFar = soFar
      best.isFinal = isFinal
      Deferred.doneUnsafe(first, Effect.void)
      done(progressOf(fits))
      note(`best so far ${margin(soFar.error)}`)
    }).pipe(Effect.map((whole): Completed => ({ ...whole, folds: parts, ended: false })))
    // the simple models come first, so that there is something to take soon
    const tooLong = Effect.gen(function* () {
      yield* time === undefined ? Effect.never : Effect.sleep(1000 * time)
      yield* Deferred.await(first)
      // the last fit would only begin again
      if (best.isFinal === true) return yield* Effect.never
      return undefined
    })
    const bestSoFar = Effect.suspend(() => {
      const validation = best.soFar!
      return Effect.map(
        operate(system, fitTable, { table, model: validation.model, seed }),
        (fit): Completed => ({
          fit,
          validation,
          folds: parts,
          ended: true,
        }),
      )
    })
    return Effect.raceFirst(all, tooLong).pipe(
      Effect.flatMap((found) => (found === undefined ? bestSoFar : Effect.succeed(found))),
      Effect.tap(Effect.sync(() => done(1))),
    )
  })
})
