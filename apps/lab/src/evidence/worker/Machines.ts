/** Runs and trials in a database that several machines share, for the commands that work on them. */
import type { System } from "@nonconvex/evidence/System"
import type { RunKey } from "@nonconvex/runner/RunKey"
import * as Code from "@nonconvex/runner/node/Code"
import type { Version } from "@nonconvex/store/queue/Trial"
import type { Outage } from "@nonconvex/store/queue/Trials"
import { Config, Effect, Layer, type Redacted, Schema } from "effect"
import type { StoreFailed } from "@nonconvex/runner/RunStore"
import type * as Capabilities from "../../cli/Capabilities.ts"
import type { Misfit } from "../../cli/Failure.ts"
import { say } from "../../cli/Progress.ts"
import type { Keeping } from "../../cli/Stores.ts"
import * as CommandStore from "../../cli/CommandStore.ts"

/**
 * Seconds after which another worker takes a trial from a silent worker: NONCONVEX_LEASE, or 30. Long enough for an idle
 * thread to report on any machine, and short enough to lose little time after a crash.
 */
const lease = Config.schema(
  Schema.NumberFromString.check(Schema.isGreaterThanOrEqualTo(1)),
  "NONCONVEX_LEASE",
).pipe(Config.withDefault(30))

/** NONCONVEX_LEASE is not a number of seconds. */
export class BadLease extends Schema.TaggedError<BadLease>()("BadLease", {}) {
  override get message(): string {
    return "NONCONVEX_LEASE must be a number of seconds of at least 1 (default: 30)"
  }
}

/** Provides `RunStore`, `Runs` and `Trials`. Fails with BadLease, or with StoreFailed if the database cannot be used. */
export const layer = (
  chosen: Capabilities.Chosen & { readonly database: Redacted.Redacted; readonly fresh: boolean },
  hear: (outage: Outage) => void = () => undefined,
) =>
  Layer.unwrap(
    Effect.gen(function* () {
      const options = yield* CommandStore.options(chosen, chosen.fresh)
      // most sweeps need no client of a database
      const Shared = yield* Effect.promise(() => import("@nonconvex/store/queue/Shared"))
      const seconds = yield* Effect.mapError(lease, () => new BadLease())
      return Shared.layer(chosen.database, { ...options, lease: seconds, hear })
    }),
  )

/**
 * Store of a command that distributes its work over machines if it has a database, and otherwise stores runs like any other.
 */
export const storing = (
  chosen: Capabilities.Chosen & Keeping,
): Layer.Layer<
  never,
  StoreFailed | Misfit | BadLease,
  Layer.Services<ReturnType<typeof CommandStore.layer>> | Layer.Services<ReturnType<typeof layer>>
> => {
  const { database, fresh, noStore, store } = chosen
  if (database === undefined || store !== undefined || noStore) return CommandStore.layer(chosen)
  if (!fresh) return layer({ ...chosen, database, fresh })
  // what is computed again to be compared is not for others, who have it already
  const line = "--fresh computes on this machine only, without workers"
  return Layer.merge(Layer.effectDiscard(say(line)), CommandStore.layer(chosen))
}

/** The code of a system changed while a worker ran. */
export class StaleCode extends Schema.TaggedError<StaleCode>()("StaleCode", {
  system: Schema.String,
}) {
  override get message(): string {
    return `the code of ${this.system} changed while this worker was running, so its threads would mix two versions; restart it`
  }
}

/** Fails with StaleCode if a thread started now would load other code than the program. */
export const check = (system: System): Effect.Effect<void, StaleCode> =>
  Effect.suspend(() =>
    Code.digestNow(system) === Code.digestOf(system)
      ? Effect.void
      : Effect.fail(new StaleCode({ system: system.id })),
  )

/** Systems whose code version is known, with the version in this program. */
export const versionsOf = (
  systems: ReadonlyArray<System>,
  capabilities: Pick<RunKey, "kernels" | "data">,
): ReadonlyArray<{ readonly system: System; readonly version: Version }> =>
  systems.flatMap((system) => {
    const code = Code.digestOf(system)
    return code === undefined
      ? []
      : [{ system, version: { system: system.id, code, ...capabilities } }]
  })
