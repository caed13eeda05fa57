import { Effect, Latch } from "effect"

/**
 * Seconds of reserved work per thread. Storing a trial, handing it in and requesting another takes some tenths of a second,
 * for one as for many.
 */
const atHand = 1

/**
 * Maximum number of trials held for each thread.
 *
 * @internal
 */
export const mostHeld = 64

/**
 * Duration of a trial from which on these tenths of a second do not matter; such trials are not reserved, so that other
 * workers can take them.
 */
const long = 15

/** Seconds of trials that are held for each thread. */
const heldOf = (seconds: number): number =>
  seconds < long ? Math.min(mostHeld, 1 + Math.ceil(atHand / seconds)) : 1

/** Milliseconds between two checks whether a trial is the only one. */
const lookInterval = 20

/**
 * Gate that decides when a worker requests trials.
 *
 * @internal
 */
export const make = (threads: number) => {
  const open = Latch.makeUnsafe(false)
  let areThere = false
  /** Trials that are requested or running. */
  let held = 0
  let isAlone = false
  let most = threads

  /** Trials are requested when half of the allowed ones have ended, several by one query. */
  const update = () => {
    if (!areThere || isAlone || held >= most) open.closeUnsafe()
    else if (most === threads || held <= most / 2) open.openUnsafe()
  }
  const after = (change: () => void) =>
    Effect.ensuring(
      Effect.sync(() => {
        change()
        update()
      }),
    )

  return {
    /** Tests whether a trial must run alone. */
    isAlone: () => isAlone,
    /** Tests whether a trial is requested or under way. */
    isBusy: () => held > 0,
    /** Returns whether trials are available. */
    areThere: (found: boolean): void => {
      areThere = found
      update()
    },
    /** Records the duration of a trial. */
    ended: (seconds: number): void => {
      most = threads * heldOf(seconds)
    },
    /** Requests trials when it is time to. */
    ask: <A, E, R>(question: Effect.Effect<A, E, R>): Effect.Effect<A | void, E, R> =>
      Effect.andThen(
        open.await,
        Effect.suspend(() => {
          // others that waited may have come before
          if (held >= most) return Effect.yieldNow
          held += 1
          update()
          return after(() => (held -= 1))(question)
        }),
      ),
    /** Runs a trial when no other is held, and requests none until it has ended. */
    alone: <A, E, R>(work: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
      Effect.suspend(() => {
        isAlone = true
        update()
        const others = Effect.sleep(lookInterval).pipe(Effect.repeat({ while: () => held > 1 }))
        return after(() => (isAlone = false))(Effect.andThen(others, work))
      }),
  }
}
