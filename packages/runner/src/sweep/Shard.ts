/** A part of a sweep that runs without the others, on a machine that shares nothing with theirs. */
import { Effect } from "effect"
import type { PreparedSweep } from "./RunSweep.ts"
import { adaptive } from "./Samplers.ts"
import { InvalidSweep } from "./Sweep.ts"

/** One of `shards` parts: the trials whose place modulo `shards` is `shard - 1`. */
export interface Shard {
  /** From 1. */
  readonly shard: number
  readonly shards: number
}

/** Number of trials of a shard, among `count` of the sweep. */
const sizeOf = ({ shard, shards }: Shard, count: number): number =>
  Math.ceil((count - shard + 1) / shards)

const conflict = ({ count, sweep }: PreparedSweep, { shard, shards }: Shard) => {
  if (adaptive.has(sweep.sampler)) {
    return `${sweep.sampler} chooses trials by the results of others, which a shard does not have; use the sampler grid, random or halton, or share the results in a --database`
  }
  if (shard > shards) return `there is no shard ${shard} of ${shards}; they are 1 to ${shards}`
  return shards > count
    ? `it has ${count} trials, too few for ${shards} shards; give at most --shards ${count}`
    : undefined
}

/**
 * The same sweep, of which only the trials of a shard run. Fails with `InvalidSweep` if its trials depend on results, or if
 * there is no such shard.
 */
export const of = (
  prepared: PreparedSweep,
  shard: Shard,
): Effect.Effect<PreparedSweep, InvalidSweep> => {
  const reason = conflict(prepared, shard)
  return reason === undefined
    ? Effect.succeed({ ...prepared, shard, count: sizeOf(shard, prepared.count) })
    : Effect.fail(new InvalidSweep({ reason }))
}
