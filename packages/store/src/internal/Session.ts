/** A database of runs, and the messages of its failures. */
import { StoreFailed } from "@nonconvex/runner/RunStore"
import { Clock, Effect, Schedule } from "effect"
import type * as SqlClient from "effect/sql/SqlClient"
import * as SqlError from "effect/sql/SqlError"
import { asFailure } from "./LostTransaction.ts"

export interface Session {
  readonly sql: SqlClient.SqlClient
  /** The file, or the database without its password. */
  readonly place: string
  /**
   * Retries work that may have to wait for other programs, reports after a second that it waits, and explains a failure in
   * one line. After patience has run out, it does not wait again until something succeeds.
   */
  readonly settle: <A>(
    work: Effect.Effect<A, SqlError.SqlError | StoreFailed>,
  ) => Effect.Effect<A, StoreFailed>
  /** Notifies the user, once. */
  readonly say: (line: string) => Effect.Effect<void>
  /** Limits waiting for others to one second from now on, since the program is about to end. */
  readonly hurry: Effect.Effect<void>
  /** Fails if the database is no longer where it was opened. */
  readonly present: Effect.Effect<void, StoreFailed>
}

/** Milliseconds between two attempts. */
const pause = 50

/** Milliseconds of waiting after which the user gets a message, and limit for a program that is about to end. */
const second = 1000

const isPassing = (error: SqlError.SqlError | StoreFailed): error is SqlError.SqlError =>
  SqlError.isSqlError(error) && error.isRetryable

/** A session of a client; `patience` is in milliseconds. */
export const make = (
  sql: SqlClient.SqlClient,
  patience: number,
  place: string,
  explain: (error: SqlError.SqlError) => string,
  tell: (line: string) => Effect.Effect<void>,
  present: Effect.Effect<void, StoreFailed>,
): Session => {
  const said = new Set<string>()
  const say = (line: string) =>
    Effect.suspend(() => {
      if (said.has(line)) return Effect.void
      said.add(line)
      return tell(`${place}: ${line}`)
    })
  // other programs do not wait by the clock of a test
  const clock = Clock.Clock.defaultValue()
  const now = () => performance.now()
  let isPatient = true
  let end = Infinity
  const spaced = Schedule.spaced(pause).pipe(Schedule.jittered)

  /** Does work that has failed once with a passing error, again and again. */
  const again = Effect.fnUntraced(
    function* <A>(
      work: Effect.Effect<A, SqlError.SqlError | StoreFailed>,
      error: SqlError.SqlError,
    ) {
      const latest = now() + (isPatient ? patience : 0)
      const why = explain(error).split(";", 1)[0]!
      const telling = Effect.andThen(Effect.sleep(second), say(`${why}; waiting for it`))
      const hasTime = () => now() < Math.min(latest, end)
      return yield* work.pipe(
        Effect.retry({ while: (each) => isPassing(each) && hasTime(), schedule: spaced }),
        Effect.raceFirst(Effect.andThen(telling, Effect.never)),
        Effect.tapError((each) => Effect.sync(() => (isPatient &&= !isPassing(each)))),
      )
    },
    Effect.provideService(Clock.Clock, clock),
  )

  return {
    sql,
    place,
    settle: (work) => {
      const tried = asFailure(work)
      return tried.pipe(
        Effect.catchIf(isPassing, (error) => again(tried, error)),
        Effect.tap(() => Effect.sync(() => void (isPatient = true))),
        Effect.mapError((error) =>
          SqlError.isSqlError(error) ? new StoreFailed({ place, reason: explain(error) }) : error,
        ),
      )
    },
    say,
    hurry: Effect.sync(() => void (end = now() + second)),
    present,
  }
}
