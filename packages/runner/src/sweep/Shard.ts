/** A part of a sweep that runs without the others, on a machine that shares nothing with theirs. */
import { Effect } from "effect"
import { adaptive } from "./Samplers.ts"
import { InvalidSweep, type Sweep } from "./Sweep.ts"

/** One of `shards` parts: the trials whose place modulo `shards` is `shard - 1`. */
export interface Shard {
  /** From 1. */
  readonly shard: number
  readonly shards: number
}

/** Tests whether a shard has the trial at a place. */
export const has = ({ shard, shards }: Shard, place: number): boolean =>
  place % shards === shard - 1

/** Number of trials of a shard, among `count` of the sweep. */
export const sizeOf = ({ shard, shards }: Shard, count: number): number =>
  Math.ceil((count - shard + 1) / shards)

const conflict = ({ sampler }: Sweep, count: number, { shard, shards }: Shard) => {
  if (adaptive.has(sampler)) {
    return `${sampler} chooses trials by the results of others, which a shard does not have; use the sampler grid, random or halton, or share the results in a --database`
  }
  if (shard > shards) return `there is no shard ${shard} of ${shards}; they are 1 to ${shards}`
  return shards > count
    ? `it has ${count} trials, too few for ${shards} shards; give at most --shards ${count}`
    : undefined
}

/** Fails with `InvalidSweep` if a sweep of `count` trials has no such shard, or if its trials depend on results. */
export const refuse = (
  sweep: Sweep,
  count: number,
  shard: Shard,
): Effect.Effect<void, InvalidSweep> => {
  const reason = conflict(sweep, count, shard)
  return reason === undefined ? Effect.void : Effect.fail(new InvalidSweep({ reason }))
}
