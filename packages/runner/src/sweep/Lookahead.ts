/** Number of trials started ahead: many short ones, so that no thread waits, but few long ones, so that they end in order. */
import { Effect } from "effect"

/** Seconds of queued work per thread: an upper bound on the time to store a finished trial and prepare another. */
const ahead = 0.4

const fewest = 2
const most = 400

/**
 * Starts trials, for a program with `threads` threads.
 *
 * @internal
 */
export const make = (threads: number) => {
  let underWay = 0
  /** Duration of the latest trials. */
  let seconds = Infinity
  const waiting: Array<() => void> = []
  const allowed = () => threads * Math.min(most, Math.max(fewest, Math.ceil(ahead / seconds)))
  const next = () => {
    while (waiting.length > 0 && underWay < allowed()) {
      underWay++
      waiting.shift()!()
    }
  }
  const begin = Effect.callback<void>((resume) => {
    const begun = () => resume(Effect.void)
    waiting.push(begun)
    next()
    return Effect.sync(() => {
      const at = waiting.indexOf(begun)
      if (at >= 0) waiting.splice(at, 1)
    })
  })
  const end = (worked: number) => {
    underWay--
    seconds = Number.isFinite(seconds) ? 0.9 * seconds + 0.1 * worked : worked
    next()
  }
  return {
    /** Runs a trial when its turn comes; `secondsOf` returns the duration of its work, given its result. */
    run: <A, E, R>(
      trial: Effect.Effect<A, E, R>,
      secondsOf: (ended: A) => number,
    ): Effect.Effect<A, E, R> =>
      Effect.flatMap(begin, () => {
        const started = performance.now()
        return Effect.tap(trial, (ended) =>
          // one that the store had took less than its work
          Effect.sync(() => end(Math.min(secondsOf(ended), (performance.now() - started) / 1000))),
        )
      }),
    /** Maximum number of trials in progress at the same time. */
    most: threads * most,
  }
}
