/** A system of well-behaved and badly behaved claims, for other threads to import. */
import { claim, type Claim } from "@nonconvex/evidence/Claim"
import { operation } from "@nonconvex/problems/Operation"
import type { System } from "@nonconvex/evidence/System"
import { Schema, SchemaTransformation } from "effect"
import { pbkdf2Sync } from "node:crypto"
import {
  awaits,
  counts,
  fails,
  kernelsUsed,
  leaves,
  reaches,
  reads,
  spins,
  splits,
  strays,
  walks,
} from "./Counting.ts"
import { bound, type Drawn, falseBound, mishaps, source, upTo } from "./Numbers.ts"

interface Hoard {
  readonly before?: Hoard
}

const doing = (
  id: string,
  margin: (drawn: Drawn) => number,
  instances: ReturnType<typeof upTo> = upTo(9),
): Claim =>
  claim({
    id: `numbers/${id}`,
    statement: "A digit is at most nine.",
    source,
    instances,
    margin: ({ instance }) => ({ margin: margin(instance) }),
    controls: [
      {
        name: "two digits",
        instances: upTo(99),
        margin: ({ instance: { n } }) => ({ margin: 9 - n }),
      },
    ],
  })

/** Of a claim, in this thread. */
let looks = 0

/** The number was too large. */
export class TooLarge extends Schema.TaggedError<TooLarge>()("TooLarge", { most: Schema.Int }) {}

/** Sums the numbers up to one, and tells how far it is. */
export const sum = operation({
  id: "numbers/sum",
  input: Schema.Struct({
    upTo: Schema.Int,
    weights: Schema.instanceOf(Float64Array<ArrayBufferLike>),
  }),
  output: Schema.Struct({
    sums: Schema.instanceOf(Float64Array<ArrayBufferLike>),
    kernels: Schema.String,
  }),
  failure: TooLarge,
  progress: Schema.Struct({ done: Schema.Int }),
  run: ({ upTo: most, weights }, { kernels, report }) => {
    if (most > 1e9) throw new TooLarge({ most: 1e9 })
    if (most < 0) throw new RangeError("nobody expected this")
    let total = 0
    for (let n = 1; n <= most; n++) {
      total += n
      if (n % 1000 === 0) report({ done: n })
    }
    return { sums: weights.map((weight) => weight * total), kernels: kernels.name }
  },
})

/** How often a number was read and written by its schema, on this thread. */
export const passes = { read: 0, written: 0 }

const Counted = Schema.Finite.pipe(
  Schema.decodeTo(
    Schema.Finite,
    SchemaTransformation.transform({
      decode: (value) => {
        passes.read++
        return value
      },
      encode: (value) => {
        passes.written++
        return value
      },
    }),
  ),
)

/** A number as it came, and how often the thread that has it had read and written one. */
export const echo = operation({
  id: "numbers/echo",
  input: Counted,
  output: Schema.Struct({ value: Counted, read: Schema.Int, written: Schema.Int }),
  failure: Schema.Never,
  progress: Schema.Never,
  run: (value) => ({ value, ...passes }),
})

/** Adds one to each of the numbers that it is given, where they lie. */
export const increment = operation({
  id: "numbers/increment",
  input: Schema.instanceOf(Float64Array<ArrayBufferLike>),
  output: Schema.Int,
  failure: Schema.Never,
  progress: Schema.Never,
  run: (values) => {
    for (let i = 0; i < values.length; i++) values[i]! += 1
    return values.length
  },
})

/** The norm of a vector, by the kernels that it is given. */
export const norm = operation({
  id: "numbers/norm",
  input: Schema.Array(Schema.Finite),
  output: Schema.Finite,
  failure: Schema.Never,
  progress: Schema.Never,
  run: (entries, { kernels }) => kernels.norm(Float64Array.from(entries)),
})

export const system: System = {
  id: "numbers",
  package: "@nonconvex/runner",
  version: "0.1.0",
  title: "Numbers",
  paper: {
    title: "On Numbers",
    authors: "Nobody",
    venue: "Nowhere",
    year: 2026,
    arxiv: "0000.00000",
  },
  claims: [
    bound({ id: "numbers/holds", limit: 9, largest: 9, controls: [10, 20] }),
    bound({ id: "numbers/falsified", limit: 9, largest: 12, controls: [10] }),
    bound({ id: "numbers/toothless", limit: 9, largest: 9, controls: [10, 8] }),
    ...mishaps.map((kind) =>
      bound({
        id: `numbers/${kind.replace(" ", "-")}`,
        limit: 9,
        largest: 9,
        controls: [10],
        mishap: { from: 5, kind },
      }),
    ),
    doing("spins", () => {
      for (;;);
    }),
    doing(
      "refuses",
      () => 1,
      upTo(9).filter(({ n }) => n > 9),
    ),
    doing("remembers", () => looks++),
    doing("exits", () => process.exit(7)),
    // small pieces: node ends a thread that runs out of memory only between two allocations
    doing("hoards", () => {
      for (let hoard: Hoard = {}; ;) hoard = { before: hoard }
    }),
    doing("fills", () => {
      for (const arrays: Array<Float64Array> = []; ;) arrays.push(new Float64Array(2 ** 18).fill(1))
    }),
    // seconds in a library, which no message ends
    doing("waits", () => pbkdf2Sync("a", "b", 4_000_000, 64, "sha512").length),
    doing("leaves-a-mine", ({ n }) => {
      setTimeout(() => {
        throw new Error("exploded after its job")
      }, 150)
      return 9 - n
    }),
  ],
  errata: [falseBound({ limit: 4, largest: 9 })],
  experiments: [
    awaits,
    counts,
    fails,
    reaches,
    leaves,
    strays,
    spins,
    splits,
    reads,
    kernelsUsed,
    walks,
  ],
  operations: [echo, increment, norm, sum],
  module: import.meta.url,
}
