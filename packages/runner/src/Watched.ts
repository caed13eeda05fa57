import { Effect } from "effect"
import { type JobOf, Watch } from "./Compute.ts"

/** A job as reported to the watch of the program. */
export const watched = <A, E, R>(
  job: JobOf,
  work: Effect.Effect<A, E, R>,
): Effect.Effect<A, E, R> =>
  Effect.flatMap(Watch, (began) =>
    Effect.acquireUseRelease(
      Effect.sync(() => began(job)),
      () => work,
      (ended) => Effect.sync(ended),
    ),
  )
