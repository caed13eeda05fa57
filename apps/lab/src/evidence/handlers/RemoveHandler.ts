import { type KeptRun, Runs } from "@nonconvex/store/Runs"
import { Effect, Schema } from "effect"
import type { Place } from "../../cli/Stores.ts"
import * as CommandStore from "../../cli/CommandStore.ts"
import * as Table from "../../cli/TextTable.ts"
import * as RunSelection from "../runs/RunSelection.ts"
import * as Listing from "../runs/Listing.ts"
import { reported } from "../../cli/Failure.ts"
import * as Output from "../../cli/Output.ts"

export interface Input extends Place {
  readonly runs: ReadonlyArray<string>
  readonly where: string | undefined
  readonly yes: boolean
}

/** No runs were specified, or several match. */
export class NotRemoved extends Schema.TaggedError<NotRemoved>()("NotRemoved", {
  reason: Schema.String,
}) {
  override get message(): string {
    return `nothing is removed: ${this.reason}`
  }
}

/** Ids of the named runs, or of all runs that match a clause; with both, of the named runs that match. */
const chosen = Effect.fnUntraced(function* ({ runs, where }: Input) {
  if (runs.length === 0 && where === undefined) {
    return yield* new NotRemoved({
      reason: "name a run, or choose runs with --where; nonconvex runs lists them",
    })
  }
  const { idOf } = yield* Runs
  const named = [...new Set(yield* Effect.forEach(runs, idOf))]
  if (where === undefined) return named
  const fitting = (yield* RunSelection.selected(where)).map(({ id }) => id)
  if (runs.length === 0) return fitting
  return named.filter((id) => fitting.includes(id))
})

const mostListed = 100

const listed = (found: ReadonlyArray<KeptRun>): string =>
  [
    Listing.table(found.slice(0, mostListed)),
    ...(found.length > mostListed ? [`and ${Table.count(found.length - mostListed)} more`] : []),
  ].join("\n")

export const handle = Effect.fn("rm")(
  function* (input: Input) {
    const ids = yield* chosen(input)
    if (ids.length === 0) return yield* Output.text("no run matches, so none is removed")
    const { list, place, remove } = yield* Runs
    if (ids.length > 1 && !input.yes) {
      yield* Output.text(listed(yield* list({ ids })))
      return yield* new NotRemoved({
        reason: `these are ${Table.plural(ids.length, "run")}; add --yes to remove them all`,
      })
    }
    const removed = yield* remove(ids)
    yield* Output.text(`${Table.plural(removed, "run")} removed from ${place}`)
  },
  (work, input) => Effect.provide(work, CommandStore.runs(input, { writes: true })),
  reported,
)
