/** Experiments that count, and some that go wrong on the way. */
import { RandomStream } from "@nonconvex/numerics"
import { Schema } from "effect"
import * as Figure from "@nonconvex/figures"
import { Expectation, Experiment } from "../../src/index.ts"
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

export type Definition = Experiment.Table<Config, number, undefined, Counted>

const numbers = ({ upTo }: Config) => Array.from({ length: upTo }, (_, k) => k + 1)

/** What all of them are but for their rows. */
export const definition = (
  id: string,
  row: Definition["row"],
  more: Partial<Definition> = {},
): Definition => ({
  id: `numbers/${id}`,
  title: "Counting",
  source,
  question: "How far do integers go?",
  config: Config,
  columns: Counted,
  presets: {
    smoke: { ...standard, upTo: 2 },
    fast: standard,
    paper: { ...standard, upTo: 100 },
  },
  cases: numbers,
  row,
  figures: () => [
    Figure.lines<Counted>({
      id: "count",
      title: "Counts",
      caption: "A line.",
      x: { field: "n", title: "n" },
      y: { field: "value", title: "value", scale: "log" },
    }),
  ],
  expectations: (rows, config) => [
    Expectation.within(
      "All numbers are counted",
      rows.length,
      config.upTo,
      { absolute: 0 },
      { control: "all but one", observed: rows.length - 1 },
    ),
  ],
  ...more,
})

export const row = (config: Config, n: number, value: number): Counted => ({
  n,
  value,
  mode: config.mode,
  last: n === config.upTo,
})

/** A row for each number; the values are random, and that of 3 is not a number. */
export const counts = Experiment.table(
  definition("counts", (n, { config, seed }) => {
    const stream = RandomStream.make(seed.child("values").child(n))
    return row(config, n, n === 3 ? Number.NaN : config.scale * stream.uniform())
  }),
)

export const fails = Experiment.table(
  definition("fails", (n, { config }) => {
    if (n > 2) throw new Disliked({ n })
    return row(config, n, n)
  }),
)

export const strays = Experiment.table(
  definition("strays", (n, { config }) => row(config, n > 2 ? n + 0.5 : n, n)),
)

/** As many rows as each weight says, and dislikes a negative one; a case for each weight, of which heavy ones come late. */
export const splits = Experiment.table(
  definition(
    "splits",
    (weight, { config, seed }) => {
      if (weight < 0) throw new Disliked({ n: weight })
      const stream = RandomStream.make(seed.child(weight))
      const end = performance.now() + 100 * weight
      while (performance.now() < end);
      return Array.from({ length: weight }, () => row(config, weight, stream.uniform()))
    },
    { cases: ({ weights }) => weights },
  ),
)
