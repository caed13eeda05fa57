import { Float64s } from "@nonconvex/problems/Fields"
import { operation } from "@nonconvex/problems/Operation"
import { ArenaFull } from "@nonconvex/numerics/ArenaFull"
import { InvalidInput } from "@nonconvex/numerics/InvalidInput"
import * as Seed from "@nonconvex/numerics/Seed"
import { Schema } from "effect"
import { recover as find } from "../index.ts"
import { type Recovery } from "../recovery/Recovery.ts"
import { measurementsOf, sensed } from "./Design.ts"
import { Flattest } from "./FindFlattestInterpolant.ts"

const RecoverInput = Schema.Struct(sensed)

const Recovered: Schema.Codec<Recovery, unknown> = Schema.Struct({
  status: Schema.Literals(["certified", "budget", "unseen", "inconsistent"]),
  matrix: Float64s,
  rank: Schema.Int,
  nuclear: Schema.Struct({
    matrix: Float64s,
    nuclearNorm: Schema.Number,
    lowerBound: Schema.Number,
    gap: Schema.Number,
    certificate: Float64s,
    independent: Schema.Int,
    inconsistency: Schema.Number,
    residual: Schema.Number,
    iterations: Schema.Int,
    status: Schema.Literals(["certified", "budget", "inconsistent"]),
  }),
  flattest: Schema.optionalKey(Flattest),
  disagreement: Schema.optionalKey(Schema.Number),
  isometry: Schema.Struct({
    lo: Schema.Number,
    hi: Schema.Number,
    agreement: Schema.Int,
    starts: Schema.Int,
  }),
  correlation: Schema.Number,
  determined: Schema.Boolean,
  errorBound: Schema.optionalKey(
    Schema.Struct({ nuclear: Schema.Number, flattest: Schema.optionalKey(Schema.Number) }),
  ),
})

/** Recovers a low-rank matrix from its measurements, with certificates; see `recover`. */
export const recover = operation({
  id: "matrix-factorization/recover",
  input: RecoverInput,
  output: Recovered,
  failure: Schema.Union([InvalidInput, ArenaFull]),
  progress: Schema.Never,
  run: ({ measurements, seed, targets, ...options }, { kernels }) =>
    find(measurementsOf(measurements, kernels), targets, {
      ...options,
      ...(seed !== undefined && { seed: Seed.root(seed) }),
    }),
})
