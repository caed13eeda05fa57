import * as Reason from "@nonconvex/evidence/Reason"
import { StoreFailed } from "@nonconvex/runner/RunStore"
import { Effect } from "effect"
import type { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import { asFailure, sqlErrorIn } from "../internal/LostTransaction.ts"
import { type Database, isPassing } from "../internal/Postgres.ts"

/** Outage of the database, or its end, as the program reports it. */
export type Outage = { readonly _tag: "Away"; readonly reason: string } | { readonly _tag: "Back" }

/** Milliseconds between two questions whether the database is there again. */
const soonest = 100
const latest = 5000

/** Maximum number of failures while the database answers, such as of a statement that was running when its connection ended. */
const mostFailures = 10

/**
 * Retries work without limit while the database is unreachable, so that a restart is not a failure. Repeated work must be
 * idempotent.
 *
 * `hear` is called when the database goes away, and when it returns. Fails with StoreFailed if the database answers and
 * still refuses.
 *
 * @internal
 */
export const outlasting = (
  sql: SqlClient,
  { place, reasonOf }: Pick<Database, "place" | "reasonOf">,
  hear: (outage: Outage) => void,
) => {
  let isAway = false
  const failed = (error: unknown): StoreFailed => {
    if (error instanceof StoreFailed) return error
    const found = sqlErrorIn(error)
    return new StoreFailed({
      place,
      reason: found === undefined ? Reason.of(error) : reasonOf(found),
    })
  }
  /** Waits until the database answers; returns whether it had to. */
  const answers = Effect.gen(function* () {
    for (
      let pause = soonest, waited = false;
      ;
      pause = Math.min(2 * pause, latest), waited = true
    ) {
      const error = yield* sql`SELECT 1`.pipe(
        Effect.as(undefined),
        Effect.catch((each: SqlError) => Effect.succeed(each)),
      )
      if (error === undefined) {
        if (isAway) hear({ _tag: "Back" })
        isAway = false
        return waited
      }
      if (!isPassing(error)) return yield* failed(error)
      if (!isAway) hear({ _tag: "Away", reason: reasonOf(error) })
      isAway = true
      yield* Effect.sleep(pause)
    }
  })
  const outlast = <A, E, R>(
    effect: Effect.Effect<A, E, R>,
    failures = 0,
  ): Effect.Effect<A, StoreFailed, R> =>
    asFailure(effect).pipe(
      Effect.catch((error) =>
        Effect.gen(function* () {
          const waited = yield* answers
          if (!waited && failures + 1 >= mostFailures) return yield* failed(error)
          yield* Effect.sleep(soonest)
          return yield* outlast(effect, waited ? 0 : failures + 1)
        }),
      ),
    )
  return { outlast, until: Effect.asVoid(answers), failed }
}
export type Outlasting = ReturnType<typeof outlasting>
