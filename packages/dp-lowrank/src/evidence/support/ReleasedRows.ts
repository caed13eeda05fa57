import { Draw } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import { normalsOf } from "./Structures.ts"

/** Rows are normals times 10^exponent. */
export const releases = Draw.record({
  dimension: Draw.integer(1, 6),
  rows: Draw.integer(0, 20),
  bound: Draw.logarithmic(1, 1e-3),
  epsilon: Draw.logarithmic(1, 20),
  exponent: Draw.oneOf(0, 300, -300, 3, -3),
  seed: Draw.seed(),
})

export type Released = Draw.Drawn<typeof releases>

export const rowsOf = ({ dimension, exponent, rows, seed }: Released): Float64Array =>
  normalsOf(seed, "rows", dimension * rows).map((x) => x * Elementary.pow(10, exponent))
