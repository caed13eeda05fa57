/** A database of runs, and how its failures are told. */
import { StoreFailed } from "@nonconvex/runner/RunStore"
import { Clock, Effect, Schedule } from "effect"
import { type SqlClient, SqlError } from "effect/sql"

export interface Session {
  readonly sql: SqlClient.SqlClient
  /** The file, or the database without its password. */
  readonly place: string
  /** Does what may have to wait for others, again and again while there is patience, and says in one line why it failed. */
  readonly settle: <A>(
    work: Effect.Effect<A, SqlError.SqlError | StoreFailed>,
  ) => Effect.Effect<A, StoreFailed>
  /** Tells the user something, once. */
  readonly say: (line: string) => Effect.Effect<void>
}

/** Milliseconds between two attempts. */
const pause = 50

const isPassing = (error: SqlError.SqlError | StoreFailed) =>
  SqlError.isSqlError(error) && error.isRetryable

/** A session of a client; `patience` is in milliseconds. */
export const make = (
  sql: SqlClient.SqlClient,
  patience: number,
  place: string,
  explain: (error: SqlError.SqlError) => string,
  tell: (line: string) => Effect.Effect<void>,
): Session => {
  const said = new Set<string>()
  const again = {
    while: isPassing,
    schedule: Schedule.spaced(pause).pipe(Schedule.jittered, Schedule.upTo({ duration: patience })),
  }
  return {
    sql,
    place,
    settle: (work) =>
      work.pipe(
        Effect.catchIf(isPassing, () =>
          // other programs do not wait by the clock of a test
          Effect.provideService(Effect.retry(work, again), Clock.Clock, Clock.Clock.defaultValue()),
        ),
        Effect.mapError((error) =>
          SqlError.isSqlError(error) ? new StoreFailed({ place, reason: explain(error) }) : error,
        ),
      ),
    say: (line) =>
      Effect.suspend(() => {
        if (said.has(line)) return Effect.void
        said.add(line)
        return tell(`${place}: ${line}`)
      }),
  }
}
