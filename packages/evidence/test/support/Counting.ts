/** Experiments that count, and some that go wrong on the way. */
import { RandomStream } from "@nonconvex/numerics"
import { Effect, FileSystem, Schema, Stream } from "effect"
import {
  type Experiment,
  type ExperimentDefinition,
  Expectation,
  experiment,
  Figure,
} from "../../src/index.ts"
import { source } from "./Numbers.ts"

export const Config = Schema.Struct({
  upTo: Schema.Int.check(Schema.isGreaterThan(0)),
  scale: Schema.Finite.check(Schema.isBetween({ minimum: 0, maximum: 10 })),
  weights: Schema.Array(Schema.Finite),
  mode: Schema.Literals(["up", "down"]),
  label: Schema.String,
}).check(Schema.makeFilter((config) => config.scale <= config.upTo || "scale must be at most upTo"))
export type Config = typeof Config.Type

export const Counted = Schema.Struct({
  n: Schema.Int,
  value: Schema.Number,
  mode: Schema.String,
  last: Schema.Boolean,
})
export type Counted = typeof Counted.Type

/** Counting came to a number that it does not like. */
class Disliked extends Schema.TaggedError<Disliked>()("Disliked", { n: Schema.Int }) {
  override get message(): string {
    return `${this.n} is not liked; count to less`
  }
}

export const standard: Config = { upTo: 5, scale: 2, weights: [1, 0.5], mode: "up", label: "n" }

type Definition = ExperimentDefinition<Config, Counted, Disliked>

const counting = (
  id: string,
  run: Definition["run"],
  more: Pick<Definition, "parts"> = {},
): Experiment =>
  experiment({
    ...more,
    id: `numbers/${id}`,
    title: "Counting",
    source,
    question: "How far do integers go?",
    config: Config,
    row: Counted,
    presets: {
      smoke: { ...standard, upTo: 2 },
      fast: standard,
      paper: { ...standard, upTo: 100 },
    },
    run,
    figures: (rows) => [
      Figure.lines({
        id: "count",
        title: "Counts",
        caption: "A line.",
        rows,
        x: { field: "n", title: "n" },
        y: { field: "value", title: "value", scale: "log" },
      }),
    ],
    expectations: (rows, config) => [
      Expectation.within("All numbers are counted", rows.length, config.upTo, { absolute: 0 }),
    ],
  })

const row = (config: Config, n: number, value: number): Counted => ({
  n,
  value,
  mode: config.mode,
  last: n === config.upTo,
})

/** A row for each number; the values are random, and that of 3 is not a number. */
export const counts = counting("counts", (config, seed) => {
  const stream = RandomStream.make(seed.child("values"))
  return Stream.range(1, config.upTo).pipe(
    Stream.map((n) => row(config, n, n === 3 ? Number.NaN : config.scale * stream.uniform())),
  )
})

export const fails = counting("fails", (config) =>
  Stream.range(1, config.upTo).pipe(
    Stream.mapEffect((n) =>
      n > 2 ? Effect.fail(new Disliked({ n })) : Effect.succeed(row(config, n, n)),
    ),
  ),
)

export const strays = counting("strays", (config) =>
  Stream.range(1, config.upTo).pipe(Stream.map((n) => row(config, n > 2 ? n + 0.5 : n, n))),
)

/** As many rows as each weight says, and dislikes a negative one; a part for each weight, of which heavy ones come late. */
export const splits = counting(
  "splits",
  (config, seed) =>
    Stream.fromIterable(config.weights).pipe(
      Stream.flatMap((weight) => {
        if (weight < 0) return Stream.fail(new Disliked({ n: weight }))
        const stream = RandomStream.make(seed.child(weight))
        return Stream.fromEffect(Effect.sleep(100 * weight)).pipe(
          Stream.flatMap(() => Stream.range(1, weight)),
          Stream.map(() => row(config, weight, stream.uniform())),
        )
      }),
    ),
  { parts: (config) => config.weights.map((weight) => ({ ...config, weights: [weight] })) },
)

/** Yields one row and then works without end, and without letting go of its thread. */
export const spins = counting("spins", (config) =>
  Stream.make(row(config, 1, 1)).pipe(
    Stream.concat(
      Stream.fromEffect(
        Effect.sync(() => {
          for (;;);
        }),
      ),
    ),
  ),
)

/** Reads a file that ships: this one. */
export const reads = counting("reads", (config) =>
  Stream.fromEffect(
    Effect.gen(function* () {
      const files = yield* FileSystem.FileSystem
      const text = yield* files.readFileString(import.meta.filename)
      return row(config, 1, text.length)
    }).pipe(Effect.orDie),
  ),
)
