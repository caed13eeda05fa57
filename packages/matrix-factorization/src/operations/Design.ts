/** Measurements as data, for jobs. */
import type { Kernels } from "@nonconvex/numerics/Kernels"
import { Count, Float64s, Positive, Uint32s } from "@nonconvex/problems/Fields"
import { Schema } from "effect"
import { dense } from "../index.ts"
import { type Measurements } from "../measurements/Measurements.ts"
import { sparse } from "../measurements/SparseMeasurements.ts"

/** Arbitrary matrices, as in `dense`, or matrices with few entries each, as in `sparse`. */
export const Design = Schema.Union([
  Schema.Struct({ rows: Count, columns: Count, matrices: Float64s }),
  Schema.Struct({
    rows: Count,
    columns: Count,
    offsets: Uint32s,
    positions: Uint32s,
    values: Float64s,
  }),
])
export type Design = typeof Design.Type

/** Measurements, and options for numerical effort; the defaults are those of the function. */
export const sensed = {
  measurements: Design,
  targets: Float64s,
  /** Number of starts of a search, or of the isometry estimates. */
  starts: Schema.optionalKey(Count),
  tolerance: Schema.optionalKey(Positive),
  maxIterations: Schema.optionalKey(Count),
  /** Root seed of the starts. */
  seed: Schema.optionalKey(Schema.Int),
}

/** Measurements of a design, on given kernels. Throws InvalidInput like `dense` and `sparse`. */
export const measurementsOf = (design: Design, kernels: Kernels): Measurements =>
  "matrices" in design ? dense({ ...design, kernels }) : sparse({ ...design, kernels })
