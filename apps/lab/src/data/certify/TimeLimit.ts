/** The time limit of a command, from its start on. */
import { Clock, Effect, Schema } from "effect"
import * as MonotonicTime from "../../cli/MonotonicTime.ts"

/** The time ran out before there was anything to report. */
export class TimeUp extends Schema.TaggedError<TimeUp>()("TimeUp", { seconds: Schema.Number }) {
  override get message(): string {
    return `the ${this.seconds} s of --time ended before the first number was known; allow more, or take fewer samples with --rows`
  }
}

/** Runs work until the limit; undefined if that came first. */
export type Within = <A, E, R>(work: Effect.Effect<A, E, R>) => Effect.Effect<A | undefined, E, R>

/** Starts the clock of a command; without `seconds` it never ends. */
export const start = Effect.fnUntraced(function* (seconds: number | undefined) {
  const clock = yield* Clock.Clock
  const started = MonotonicTime.milliseconds(clock)
  const ends = Effect.gen(function* () {
    if (seconds === undefined) return yield* Effect.never
    const spent = MonotonicTime.milliseconds(clock) - started
    yield* Effect.sleep(Math.max(0, 1000 * seconds - spent))
    return undefined
  })
  const within: Within = (work) => Effect.raceFirst(work, ends)
  return within
})

/** The whole answer; with a limit the quick one comes first, and stands where the whole one is not reached. */
export const first = <A, B, E, R>(
  seconds: number | undefined,
  quick: Effect.Effect<A, E, R>,
  whole: Effect.Effect<B | undefined, E, R>,
): Effect.Effect<A | B | undefined, E, R> =>
  seconds === undefined
    ? whole
    : Effect.flatMap(quick, (known) => Effect.map(whole, (all) => all ?? known))
