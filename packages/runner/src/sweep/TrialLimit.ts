/** Refusal of trials that an experiment cannot run. */
import { Effect } from "effect"
import { type Sweep, TooManyTrials } from "./Sweep.ts"
import { count } from "./Trials.ts"

/** Fails with `TooManyTrials` if a sweep has more than `limit` trials; see `count`. */
export const refuse = (
  sweep: Sweep,
  most: number,
  limit: number,
): Effect.Effect<void, TooManyTrials> => {
  const found = count(sweep, most)
  return found > BigInt(limit)
    ? Effect.fail(new TooManyTrials({ count: String(found), limit }))
    : Effect.void
}
