/** Trials of a sweep, as plain functions of its specification: equal on every machine. */
import { Effect } from "effect"
import * as GridSearch from "./GridSearch.ts"
import * as ParzenSearch from "./ParzenSearch.ts"
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

const tooFew = (asked: number, exist: number) =>
  new InvalidSweep({
    reason: `${asked} different configurations were requested, but only ${exist} exist; request fewer, or use a grid`,
  })

/** Distinct draws in the requested number. Fails with `InvalidSweep` if there are too few. */
const draws = (sweep: Sweep, asked: number) => {
  const found = RandomSearch.draws(sweep, asked)
  return found.length === asked ? Effect.succeed(found) : Effect.fail(tooFew(asked, found.length))
}

/**
 * Configurations of a sweep: all combinations of a grid, the first setting changing slowest; else the requested number of
 * distinct draws. Fails with `InvalidSweep` if there are too few. Call `refuse` first to check that they are not too many.
 */
export const configurations = (
  sweep: Sweep,
): Effect.Effect<ReadonlyArray<TrialSettings>, InvalidSweep> =>
  sweep.trials === undefined
    ? Effect.succeed(GridSearch.configurations(sweep))
    : Effect.map(draws(sweep, sweep.trials), (found) => found.map(({ settings }) => settings))

/** Sizes of the batches of configurations that `tpe` tries: the first are drawn, the others chosen. */
export const batches = ({ batch = 4, trials = 0 }: Sweep): ReadonlyArray<number> => {
  const first = Math.min(trials, ParzenSearch.startup)
  const later = Array.from({ length: Math.ceil((trials - first) / batch) }, (_, k) =>
    Math.min(batch, trials - first - k * batch),
  )
  return [first, ...later]
}

/** The first configurations that `tpe` tries. Fails with `InvalidSweep` if a grid has too few for all. */
export const firstDraws = (
  sweep: Sweep,
): Effect.Effect<ReadonlyArray<RandomSearch.Draw>, InvalidSweep> => {
  const { trials = 0 } = sweep
  const exist = GridSearch.count(sweep)
  return exist !== undefined && exist < BigInt(trials)
    ? Effect.fail(tooFew(trials, Number(exist)))
    : draws(sweep, batches(sweep)[0]!)
}

/** Each item with each seed of a sweep: the seeds change fastest. */
export const withSeeds = <Item>(
  sweep: Sweep,
  items: ReadonlyArray<Item>,
): ReadonlyArray<{ readonly item: Item; readonly seed: number }> => {
  const seeds = Seeds.list(sweep.seeds)
  return items.flatMap((item) => seeds.map((seed) => ({ item, seed })))
}
