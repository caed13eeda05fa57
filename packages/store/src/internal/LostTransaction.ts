/** Errors of a database that come as defects: a transaction dies if its connection ends under it, since it cannot roll back. */
import { Cause, Effect } from "effect"
import { isSqlError, type SqlError } from "effect/sql/SqlError"

/** Database error that caused a failure or a defect. */
export const sqlErrorIn = (cause: unknown): SqlError | undefined => {
  if (isSqlError(cause)) return cause
  if (Cause.isCause(cause)) return sqlErrorIn(Cause.squash(cause))
  return cause instanceof Error ? sqlErrorIn(cause.cause) : undefined
}

/** The same work, which fails with the error of the database where it would die of it. */
export const asFailure = <A, E, R>(
  work: Effect.Effect<A, E, R>,
): Effect.Effect<A, E | SqlError, R> =>
  Effect.catchDefect(work, (defect) => {
    const error = sqlErrorIn(defect)
    return error === undefined ? Effect.die(defect) : Effect.fail(error)
  })
