/** Refusal of trials that an experiment cannot run. */
import { Effect, Schema } from "effect"
import type { Sweep } from "./Sweep.ts"
import { count } from "./Trials.ts"

/** A sweep of more trials than the limit. */
export class TooManyTrials extends Schema.TaggedError<TooManyTrials>()("TooManyTrials", {
  /** As an integer in decimal: it may be larger than any double holds exactly. */
  count: Schema.String,
  limit: Schema.Int,
}) {
  override get message(): string {
    const grouped = (digits: string) => digits.replaceAll(/\B(?=(\d{3})+$)/g, " ")
    return `this sweep has ${grouped(this.count)} trials, but the limit is ${grouped(String(this.limit))}: vary fewer values, sample them (--sampler random --trials 100), or raise --limit`
  }
}

/** Fails with `TooManyTrials` where a sweep has more of them than `limit`; see `count`. */
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
