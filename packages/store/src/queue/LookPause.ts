/** Pause between two queries of a program that polls a table. */
import { Duration } from "effect"

/** Share of its time that a program may spend polling. */
const lookShare = 0.05

/** Maximum pause in milliseconds: a slow query must not keep a program from its work. */
const longest = 30_000

/**
 * Milliseconds to wait after a query, at least `least`. `asked` is the duration of the answered query alone, without an
 * outage of the database before it.
 *
 * @internal
 */
export const after = (asked: Duration.Duration, least: number): number =>
  Math.max(least, Math.min(longest, Duration.toMillis(asked) / lookShare))
