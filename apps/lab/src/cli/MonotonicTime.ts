/** Time that passed, which does not follow a wall clock that is set back or forth. */
import type { Clock } from "effect"

/** Milliseconds since a fixed moment. */
export const milliseconds = (clock: Clock.Clock): number =>
  Number(clock.monotonicTimeNanosUnsafe()) / 1e6

/** Seconds since a fixed moment. */
export const seconds = (clock: Clock.Clock): number => milliseconds(clock) / 1000
