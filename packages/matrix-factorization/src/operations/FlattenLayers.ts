import { operation } from "@nonconvex/problems/Operation"
import { Count, Float64s } from "@nonconvex/problems/Fields"
import { ArenaFull } from "@nonconvex/numerics/ArenaFull"
import { InvalidInput } from "@nonconvex/numerics/InvalidInput"
import { Schema } from "effect"
import { Factorisation, flatten as flattenLayers } from "../index.ts"
import { type Flattened } from "../flatness/Flatten.ts"
import { Design, measurementsOf } from "./Design.ts"

const FlattenInput = Schema.Struct({
  measurements: Schema.Union([Schema.Literal("isotropic"), Design]),
  /** d_0, d_1, ..., d_L. */
  widths: Schema.Array(Count),
  parameters: Float64s,
})

const Flat: Schema.Codec<Flattened, unknown> = Schema.Struct({
  parameters: Float64s,
  before: Schema.Number,
  after: Schema.Number,
  lowerBound: Schema.optionalKey(Schema.Number),
  excessBefore: Schema.optionalKey(Schema.Number),
  excessAfter: Schema.optionalKey(Schema.Number),
  method: Schema.Literals(["isotropic", "two layers", "gauge descent", "rescaling"]),
})

/** Flatter layers with the same product; see `flatten`. */
export const flatten = operation({
  id: "matrix-factorization/flatten",
  input: FlattenInput,
  output: Flat,
  failure: Schema.Union([InvalidInput, ArenaFull]),
  progress: Schema.Never,
  run: ({ measurements, parameters, widths }, { kernels }) =>
    flattenLayers(
      measurements === "isotropic" ? measurements : measurementsOf(measurements, kernels),
      Factorisation.shape(widths),
      parameters,
      kernels,
    ),
})
