/** Trials of a sweep, as plain functions of its specification: equal on every machine. */
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Seed from "@nonconvex/numerics/Seed"
import { Effect, type Schema } from "effect"
import { canonical } from "../RunKey.ts"
import * as Halton from "./Halton.ts"
import * as SuccessiveHalving from "./SuccessiveHalving.ts"
import * as Seeds from "./Seeds.ts"
import type { ParameterRange } from "./ParameterRange.ts"
import { InvalidSweep, type Sweep, type Varied } from "./Sweep.ts"

/** Settings of a configuration other than those that all have. */
export type Settings = Readonly<Record<string, Schema.Json>>

const isList = (varied: Varied): varied is ReadonlyArray<Schema.Json> => Array.isArray(varied)

/** Number of configurations in a grid of lists; undefined if there is a range. */
const product = ({ vary }: Sweep): bigint | undefined =>
  Object.values(vary).reduce<bigint | undefined>(
    (sum, varied) =>
      sum !== undefined && isList(varied) ? sum * BigInt(varied.length) : undefined,
    1n,
  )

/** Number of configurations at the start of a sweep. */
const candidates = (sweep: Sweep): bigint =>
  sweep.trials === undefined ? (product(sweep) ?? 0n) : BigInt(sweep.trials)

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

/** All combinations: the first setting changes slowest. */
const grid = ({ vary }: Sweep): ReadonlyArray<Settings> =>
  Object.entries(vary).reduce<ReadonlyArray<Settings>>(
    (all, [name, varied]) =>
      all.flatMap((settings) =>
        (isList(varied) ? varied : []).map((value) => ({ ...settings, [name]: value })),
      ),
    [{}],
  )

/** The value at `share` of a range, from 0 to below 1. */
const within = (
  { high, integer = false, low, scale = "linear" }: ParameterRange,
  share: number,
): number => {
  const clamped = (value: number) => Math.min(high, Math.max(low, value))
  if (scale === "linear") {
    return clamped(
      integer ? low + Math.floor(share * (high - low + 1)) : low + share * (high - low),
    )
  }
  const ratio = Elementary.log(high / low)
  const value = low * Elementary.exp(share * ratio)
  return clamped(integer ? Math.round(value) : value)
}

const at = (varied: Varied, share: number): Schema.Json =>
  isList(varied) ? varied[Math.floor(share * varied.length)]! : within(varied, share)

/**
 * Coordinates of draw `index` in [0, 1) for each dimension; random draws have one stream per dimension, so that adding a
 * setting changes none.
 */
const sharesOf = (
  sweep: Sweep,
): ((index: number) => (name: string, dimension: number) => number) => {
  const root = Seed.root(sweep.samplerSeed).child("sweep")
  const uniform = (name: string, label: number | string) =>
    RandomStream.make(root.child(name).child(label)).uniform()
  if (sweep.sampler !== "halton") return (index) => (name) => uniform(name, index)
  const bases = Halton.primes(Object.keys(sweep.vary).length)
  const shifts = Object.keys(sweep.vary).map((name) => uniform(name, "shift"))
  // a shift modulo 1 keeps the points as even as they are: Cranley and Patterson 1976
  return (index) => (_, dimension) =>
    (Halton.radicalInverse(index + 1, bases[dimension]!) + shifts[dimension]!) % 1
}

/** Draws for each requested configuration, as some repeat earlier ones. */
const patience = 100

/** Distinct configurations in the requested number, in the order of their draws. */
const drawn = (sweep: Sweep, asked: number): ReadonlyArray<Settings> => {
  const entries = Object.entries(sweep.vary)
  const shares = sharesOf(sweep)
  const found = new Map<string, Settings>()
  for (let index = 0; found.size < asked && index < patience * asked; index++) {
    const share = shares(index)
    const settings = Object.fromEntries(
      entries.map(([name, varied], dimension) => [name, at(varied, share(name, dimension))]),
    )
    const key = canonical(settings)
    if (!found.has(key)) found.set(key, settings)
  }
  return [...found.values()]
}

/**
 * Configurations of a sweep: all combinations of a grid, the first setting changing slowest; else the requested number of
 * distinct draws. Fails with `InvalidSweep` if there are too few. Call `refuse` first to check that they are not too many.
 */
export const configurations = (
  sweep: Sweep,
): Effect.Effect<ReadonlyArray<Settings>, InvalidSweep> => {
  if (sweep.trials === undefined) return Effect.succeed(grid(sweep))
  const found = drawn(sweep, sweep.trials)
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
