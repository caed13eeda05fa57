/** The runs of a table: each value of one setting with each seed, and each run a part for a thread of its own. */
import type * as Seed from "@nonconvex/numerics/Seed"
import { Effect, Schema, Stream } from "effect"

export const Count = Schema.Int.check(Schema.isGreaterThan(0))

export const Positive = Schema.Finite.check(Schema.isGreaterThan(0))

/** `seeds` seeds from `firstSeed` on. */
export const seedFields = {
  firstSeed: Schema.Int.check(Schema.isGreaterThanOrEqualTo(0)),
  seeds: Count,
}

interface Seeds {
  readonly firstSeed: number
  readonly seeds: number
}

/** All runs, in order. */
export const runsOf = <Value>(values: ReadonlyArray<Value>, { firstSeed, seeds }: Seeds) =>
  values.flatMap((value) =>
    Array.from({ length: seeds }, (_, k) => ({ value, seed: firstSeed + k })),
  )

/** The configurations of the single runs, whose setting `key` has one value, and that have one seed. */
export const partsBy = <
  Key extends string,
  Config extends Seeds & { readonly [K in Key]: ReadonlyArray<unknown> },
>(
  key: Key,
  config: Config,
): ReadonlyArray<Config> =>
  runsOf(config[key], config).map(({ seed, value }) => ({
    ...config,
    [key]: [value],
    firstSeed: seed,
    seeds: 1,
  }))

/** What an experiment with one row a run needs: `one` makes the row of a value of the setting `key` and the number of a seed. */
export const tableBy = <
  Key extends string,
  Value,
  Config extends Seeds & { readonly [K in Key]: ReadonlyArray<Value> },
  Row,
>(
  key: Key,
  one: (config: Config, value: Value, k: number, root: Seed.Seed) => Effect.Effect<Row>,
) => ({
  rows: (config: Config) => config[key].length * config.seeds,
  parts: (config: Config) => partsBy(key, config),
  run: (config: Config, root: Seed.Seed) =>
    Stream.fromIterable(runsOf(config[key], config)).pipe(
      Stream.mapEffect(({ seed, value }) => one(config, value, seed, root)),
    ),
})
