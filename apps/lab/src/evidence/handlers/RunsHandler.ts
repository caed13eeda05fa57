import type { Kind } from "@nonconvex/runner/RunKey"
import { Difference, KeptRun, Runs } from "@nonconvex/store/Runs"
import { Effect, Schema } from "effect"
import * as Output from "../../cli/Output.ts"
import { paint } from "../../cli/Paint.ts"
import type { Place } from "../../cli/Stores.ts"
import * as CommandStore from "../../cli/CommandStore.ts"
import * as Table from "../../cli/TextTable.ts"
import * as RunSelection from "../runs/RunSelection.ts"
import * as Listing from "../runs/Listing.ts"

export interface Input extends Place {
  readonly where: string | undefined
  readonly kind: Kind | undefined
  /** Number of runs shown, the latest; JSON has all. */
  readonly last: number
  readonly json: boolean
}

/** JSON of the command. */
export const Listed = Schema.Struct({
  runs: Schema.Array(KeptRun),
  differences: Schema.Array(Difference),
})

export const handle = Effect.fn("runs")(
  function* ({ json, kind, last, where }: Input) {
    const runs = yield* RunSelection.selected(where, kind)
    const ids = new Set(runs.map(({ id }) => id))
    const store = yield* Runs
    const differences = (yield* store.differences()).filter(({ run }) => ids.has(run))
    if (json) return yield* Output.json(Listed, { runs, differences })
    if (runs.length === 0) {
      return yield* Output.text(
        where === undefined ? `${store.place} has no saved runs yet` : "no run matches",
      )
    }
    const { bad, dim, good } = yield* paint
    yield* Output.text(Listing.table(runs.slice(-last)))
    const earlier = runs.length - Math.min(runs.length, last)
    yield* Output.text(
      dim(
        `${Table.plural(runs.length, "run")} in ${store.place}${earlier === 0 ? "" : `, with ${Table.count(earlier)} earlier ones hidden (--last ${runs.length} shows them)`}`,
      ),
    )
    if (differences.length > 0) {
      yield* Output.text(`\n${Listing.differences({ bad, dim, good }, differences)}`)
    }
  },
  (work, input) => Effect.provide(work, CommandStore.runs(input)),
)
