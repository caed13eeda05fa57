/** Measurements as data, for jobs. */
import type { Given } from "@nonconvex/evidence"
import { Count } from "@nonconvex/evidence/Fields"
import { Schema } from "effect"
import { dense, type Measurements, sparse } from "../../index.ts"

export const Numbers = Schema.instanceOf(Float64Array<ArrayBufferLike>)
export const Indices = Schema.instanceOf(Uint32Array<ArrayBufferLike>)

/** Any matrices, as `dense` takes them, or matrices of few entries each, as `sparse` takes them. */
export const Design = Schema.Union([
  Schema.Struct({ rows: Count, columns: Count, matrices: Numbers }),
  Schema.Struct({
    rows: Count,
    columns: Count,
    offsets: Indices,
    positions: Indices,
    values: Numbers,
  }),
])
export type Design = typeof Design.Type

/** The measurements of a design, on given kernels. Throws InvalidInput as `dense` and `sparse`. */
export const measurementsOf = (design: Design, { kernels }: Given): Measurements =>
  "matrices" in design ? dense({ ...design, kernels }) : sparse({ ...design, kernels })
