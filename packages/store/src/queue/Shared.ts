/** Database shared by several programs: their stored runs, and the trials that they distribute. */
import type { StoreFailed } from "@nonconvex/runner/RunStore"
import { Effect, Layer, type Redacted } from "effect"
import * as KeptRuns from "../KeptRuns.ts"
import * as Postgres from "../internal/Postgres.ts"
import type { Runs } from "../Runs.ts"
import * as Queue from "./Queue.ts"
import type { Trials } from "./Trials.ts"

interface Options
  extends Omit<KeptRuns.Options, "place" | "explain">, Pick<Queue.Options, "lease" | "hear"> {}

/** Milliseconds between two transactions: a database is a network away, and its queue has more trials ready. */
const pause = 250

/**
 * Stores runs in the PostgreSQL database at a URL, and distributes trials over all programs that do: provides `RunStore`,
 * `Runs` and `Trials`.
 *
 * Fails with StoreFailed if the database cannot be opened; see `Postgres.at`.
 */
export const layer = (
  url: Redacted.Redacted,
  { hear, lease, ...keeping }: Options,
): Layer.Layer<Runs | Trials, StoreFailed> =>
  Layer.unwrap(
    Effect.map(Postgres.at(url), ({ hasty, layer: durable, place, reasonOf }) => {
      const watcher = hear === undefined ? {} : { hear }
      return Layer.merge(
        KeptRuns.layer({ pause, ...keeping, place, explain: reasonOf }).pipe(
          Layer.provide(durable),
        ),
        // a trial whose end is lost is taken again, and found in the store
        Queue.layer({ place, reasonOf, lease, ...watcher }).pipe(Layer.provide(hasty)),
      )
    }),
  )
