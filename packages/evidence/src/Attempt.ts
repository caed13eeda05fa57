/** A search for a violating instance, and its result, as data that crosses a thread. */
import { Float64s } from "@nonconvex/problems/Fields"
import { Schema } from "effect"
import { Confirmation } from "./exact/Confirmation.ts"
import { Certainty } from "./exact/Counterexample.ts"
import * as Extent from "./Extent.ts"
import * as Sizes from "./Sizes.ts"

/** Search strategy: independent draws, or draws led by the margins of earlier ones. */
export const Strategy = Schema.Literals(["random", "steered"])
export type Strategy = typeof Strategy.Type

/** A search for a violating instance: its runs and its limits. */
export const Search = Schema.Struct({
  /** fast-check's seed, a 32-bit integer. */
  seed: Schema.Int,
  runs: Schema.Int,
  /** Default random. */
  way: Schema.optionalKey(Strategy),
  /** Limit on smaller instances tried after a violation; default 1000. */
  shrinks: Schema.optionalKey(Schema.Int),
  /** Milliseconds after which no further run starts; default none. */
  budget: Schema.optionalKey(Schema.Finite),
  /** Present in a search over growing instances: the axis, and the largest factor of growth. */
  growth: Schema.optionalKey(Schema.Struct({ axis: Sizes.Axis, most: Schema.Int })),
})
export type Search = typeof Search.Type

/** Two numbers that a margin compared; see `Margin.Compared`. */
export const Compared = Schema.Struct({
  relation: Schema.Literals(["at most", "at least", "equal"]),
  actual: Schema.Number,
  bound: Schema.Number,
  tolerance: Schema.optionalKey(Schema.Number),
  /** Name of what `actual` measures. */
  quantity: Schema.optionalKey(Schema.String),
})

/** The instance that a replay token names, and its outcome now. */
export const Recalled = Schema.Struct({
  instance: Schema.Json,
  margin: Schema.Number,
  /** Comparison that determined the margin, if there is one. */
  compared: Schema.optionalKey(Compared),
  /** Exact values of a violation, where the trial has them. */
  exact: Schema.optionalKey(Confirmation),
  /** Exact counterexample of an erratum, next to the drawn instance. */
  certainty: Schema.optionalKey(Certainty),
  /** Non-finite answer by the subject of a law. */
  answered: Schema.optionalKey(Schema.String),
  /** Present where the trial threw or gave NaN instead of a margin. */
  reason: Schema.optionalKey(Schema.String),
})
export type Recalled = typeof Recalled.Type

/** Result of a search, as data that crosses a thread. */
export const Attempt = Schema.Struct({
  /** Margins of all runs before the first violation. */
  margins: Float64s,
  interrupted: Schema.Boolean,
  /** Largest sizes and horizons drawn; absent in earlier results. */
  extent: Schema.optionalKey(Extent.Extent),
  /** Worst margin at each factor of growth. */
  grown: Schema.optionalKey(Schema.Array(Sizes.Grown)),
  /** Reason why a search over growing instances went no further. */
  stopped: Schema.optionalKey(Schema.String),
  /** Nearest run of a search without a violation: the first with the least margin. */
  nearest: Schema.optionalKey(
    Schema.Struct({
      compared: Schema.optionalKey(Compared),
      seed: Schema.Int,
      path: Schema.String,
    }),
  ),
  violation: Schema.optionalKey(
    Schema.Struct({
      ...Recalled.fields,
      seed: Schema.Int,
      path: Schema.String,
      shrinks: Schema.Int,
    }),
  ),
})
export type Attempt = typeof Attempt.Type

/** A result as JSON, with its margins as a list. */
export const Listed = Schema.Struct({ ...Attempt.fields, margins: Schema.Array(Schema.Number) })
