/** Runs and trials in a database that several machines share, for the commands that work on them. */
import type { System } from "@nonconvex/evidence/System"
import type { Capabilities } from "@nonconvex/runner/Capabilities"
import { Code } from "@nonconvex/runner/node"
import * as Shared from "@nonconvex/store/queue/Shared"
import type { Version } from "@nonconvex/store/queue/Trial"
import type { Absence } from "@nonconvex/store/queue/Trials"
import { Config, Effect, Layer, type Redacted, Schema } from "effect"
import type * as Capable from "../../cli/Capable.ts"
import * as Storing from "../../cli/Storing.ts"

/**
 * Seconds after which another worker takes a trial whose worker says nothing: NONCONVEX_LEASE, or half a minute. Long enough for a thread that
 * computes nothing to be heard of on any machine, short enough that nobody misses the trials of one that died.
 */
const lease = Config.schema(
  Schema.NumberFromString.check(Schema.isGreaterThanOrEqualTo(1)),
  "NONCONVEX_LEASE",
).pipe(Config.withDefault(30))

/** Gives `RunStore`, `Runs` and `Trials`. Fails with StoreFailed where the database cannot be used. */
export const layer = (
  chosen: Capable.Chosen & { readonly database: Redacted.Redacted; readonly fresh: boolean },
  hear: (absence: Absence) => void = () => undefined,
) =>
  Layer.unwrap(
    Effect.gen(function* () {
      const options = yield* Storing.options(chosen, chosen.fresh)
      return Shared.layer(chosen.database, { ...options, lease: yield* lease, hear })
    }),
  )

/** The systems whose code can be told, each with the version that this program is of. */
export const versionsOf = (
  systems: ReadonlyArray<System>,
  capabilities: Capabilities,
): ReadonlyArray<{ readonly system: System; readonly version: Version }> =>
  systems.flatMap((system) => {
    const code = Code.digestOf(system)
    return code === undefined
      ? []
      : [{ system, version: { system: system.id, code, ...capabilities } }]
  })
