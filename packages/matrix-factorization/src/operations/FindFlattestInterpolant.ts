import { operation } from "@nonconvex/problems/Operation"
import { AtLeastTwo, Count, Float64s } from "@nonconvex/problems/Fields"
import { ArenaFull } from "@nonconvex/numerics/ArenaFull"
import { InvalidInput } from "@nonconvex/numerics/InvalidInput"
import * as Seed from "@nonconvex/numerics/Seed"
import { Schema } from "effect"
import { UnseenDirections } from "../flatness/TraceNorm.ts"
import { flattestInterpolant as find } from "../index.ts"
import { type FlattestInterpolant } from "../flatness/FlattestInterpolant.ts"
import { measurementsOf, sensed } from "./Design.ts"

const FlattestInput = Schema.Struct({
  ...sensed,
  /** Layers; default 2. */
  depth: Schema.optionalKey(AtLeastTwo),
})

export const Flattest: Schema.Codec<FlattestInterpolant, unknown> = Schema.Struct({
  matrix: Float64s,
  shape: Schema.Struct({
    widths: Schema.Array(Count),
    depth: Count,
    rows: Count,
    columns: Count,
    dimension: Count,
    offsets: Schema.Array(Schema.Int),
  }),
  parameters: Float64s,
  layers: Float64s,
  sharpness: Schema.Number,
  lowerBound: Schema.optionalKey(Schema.Number),
  residual: Schema.Number,
  feasibleStarts: Schema.Int,
  starts: Schema.Int,
  status: Schema.Literals(["certified", "local", "infeasible", "budget", "inconsistent"]),
})

/** The flattest matrix with given measurements; see `flattestInterpolant`. */
export const flattestInterpolant = operation({
  id: "matrix-factorization/flattest-interpolant",
  input: FlattestInput,
  output: Flattest,
  failure: Schema.Union([InvalidInput, UnseenDirections, ArenaFull]),
  progress: Schema.Never,
  run: ({ measurements, seed, targets, ...options }, { kernels }) =>
    find(measurementsOf(measurements, kernels), targets, {
      ...options,
      ...(seed !== undefined && { seed: Seed.root(seed) }),
    }),
})
