/** Trials of a sweep, as plain functions of its specification: equal on every machine. */
import { Effect } from "effect"
import * as GridSearch from "./GridSearch.ts"
import * as RandomSearch from "./RandomSearch.ts"
import * as SuccessiveHalving from "./SuccessiveHalving.ts"
import * as Seeds from "./Seeds.ts"
import { InvalidSweep, type TrialSettings, type Sweep } from "./Sweep.ts"

/** Number of configurations at the start of a sweep. */
const candidates = (sweep: Sweep): bigint =>
  sweep.trials === undefined ? (GridSearch.count(sweep) ?? 0n) : BigInt(sweep.trials)

/** Number of trials of a sweep, before any is created. `most` is the budget of the last rung of halving. */
export const count = (sweep: Sweep, most: number): bigint => {
  const configurations = candidates(sweep)
  const seeds = Seeds.count(sweep.seeds)
  const { competition } = sweep
  if (competition === undefined) return configurations * seeds
  return (
    seeds *
    SuccessiveHalving.rungs(Number(configurations), most, competition).reduce(
      (sum, rung) => sum + BigInt(rung.candidates),
      0n,
    )
  )
}

/**
 * Configurations of a sweep: all combinations of a grid, the first setting changing slowest; else the requested number of
 * distinct draws. Fails with `InvalidSweep` if there are too few. Call `refuse` first to check that they are not too many.
 */
export const configurations = (
  sweep: Sweep,
): Effect.Effect<ReadonlyArray<TrialSettings>, InvalidSweep> => {
  if (sweep.trials === undefined) return Effect.succeed(GridSearch.configurations(sweep))
  const found = RandomSearch.configurations(sweep, sweep.trials)
  if (found.length === sweep.trials) return Effect.succeed(found)
  const reason = `${sweep.trials} different configurations were requested, but only ${found.length} exist; request fewer, or use a grid`
  return Effect.fail(new InvalidSweep({ reason }))
}

/** Each item with each seed of a sweep: the seeds change fastest. */
export const withSeeds = <Item>(
  sweep: Sweep,
  items: ReadonlyArray<Item>,
): ReadonlyArray<{ readonly item: Item; readonly seed: number }> => {
  const seeds = Seeds.list(sweep.seeds)
  return items.flatMap((item) => seeds.map((seed) => ({ item, seed })))
}
