import { claim, type Given, Kind, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Vector from "@nonconvex/numerics/Vector"
import * as Clipping from "../../release/Clipping.ts"
import { derived } from "../support/Paper.ts"
import * as Rational from "../support/Rational.ts"
import { releases, rowsOf } from "../support/ReleasedRows.ts"
/** Tests in rational arithmetic whether the row lies in the ball. */
const isInside = (row: Float64Array, bound: number): boolean =>
  row.reduce((sum, x) => sum + Rational.magnitude(x) ** 2n, 0n) <= Rational.magnitude(bound) ** 2n

type Quantise = (
  row: Float64Array,
  grid: Clipping.RowGrid,
  out: Float64Array,
  kernels: Given["kernels"],
) => void

/** x min(1, R / |x|), rounded to nearest. */
const nearest: Quantise = (row, { bound, exponent }, out) => {
  const factor = Math.min(1, bound / Vector.norm(row))
  for (let i = 0; i < row.length; i++)
    out[i] = Math.round((row[i]! * factor) / Elementary.powerOfTwo(exponent))
}

export const clipping = claim({
  id: "dp-lowrank/clipping",
  statement:
    "A summed row has integer entries, lies inside the ball in exact arithmetic, and equals the clipped row up to 2^-17 of the bound.",
  inFloatingPoint: "bits",
  source: Kind.identity(derived("clipping on an integer grid")),
  instances: releases,
  value: (
    row: Float64Array,
    rowGrid: Clipping.RowGrid,
    out: Float64Array,
    kernels: Given["kernels"],
  ) => {
    Clipping.quantise(row, rowGrid, new Float64Array(row.length), out, kernels)
  },
  margin: ({ instance, kernels, value: quantise }) => {
    const { bound } = instance
    const size = Elementary.pow(10, instance.exponent / 100)
    const row = rowsOf({ ...instance, rows: 1, exponent: 0 }).map((x) => x * bound * size)
    const rowGrid = Clipping.rowGrid(bound)
    const out = new Float64Array(row.length)
    quantise(row, rowGrid, out, kernels)
    const summed = out.map((steps) => steps * Elementary.powerOfTwo(rowGrid.exponent))
    const factor = Math.min(1, bound / Vector.norm(row))
    const tolerance = { absolute: 2 ** -17 * bound }
    return Margin.all(
      Margin.holds(out.every(Number.isInteger)),
      Margin.holds(isInside(summed, bound)),
      ...Array.from(summed, (x, i) => Margin.equal(x, factor * row[i]!, tolerance)),
    )
  },
  controls: [{ name: "x min(1, R / |x|), rounded to nearest", value: nearest }],
})
