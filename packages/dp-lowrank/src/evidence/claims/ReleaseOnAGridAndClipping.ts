/** What is released lies on a grid, and what is summed lies in the ball, with no rounding left to argue about. */
import { claim, Draw, type Given, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Vector from "@nonconvex/numerics/Vector"
import * as Mechanism from "../../noise/Mechanism.ts"
import * as Public from "../../privacy/Public.ts"
import * as Clipping from "../../release/Clipping.ts"
import * as GridPlan from "../../release/GridPlan.ts"
import { Permit } from "../../release/Permit.ts"
import { PrivateScatter } from "../../release/PrivateScatter.ts"
import { release } from "../../release/Release.ts"
import { derived } from "../support/Paper.ts"
import * as Rational from "../support/Rational.ts"
import { normalsOf, streamOf, wordsOf } from "../support/Structures.ts"

/** Rows are normals times 10^exponent. */
const releases = Draw.record({
  dimension: Draw.integer(1, 6),
  rows: Draw.integer(0, 20),
  bound: Draw.logarithmic(1, 1e-3),
  epsilon: Draw.logarithmic(1, 20),
  exponent: Draw.oneOf(0, 300, -300, 3, -3),
  seed: Draw.seed(),
})
type Released = Draw.Drawn<typeof releases>

const rowsOf = ({ dimension, exponent, rows, seed }: Released): Float64Array =>
  normalsOf(seed, "rows", dimension * rows).map((x) => x * Elementary.pow(10, exponent))

const released = (
  instance: Released,
  { kernels }: Given,
  order: "as drawn" | "reversed" = "as drawn",
) => {
  const { dimension, epsilon, seed } = instance
  const bound = Public.bound(instance.bound)
  const values = rowsOf(instance)
  const scatter = PrivateScatter.make({ dimension, bound, kernels })
  if (order === "as drawn") scatter.add(values)
  else {
    for (let i = instance.rows - 1; i >= 0; i--) {
      scatter.add(values.subarray(i * dimension, (i + 1) * dimension))
    }
  }
  const mechanism = Mechanism.isotropic({ epsilon, delta: 1e-6, neighbours: "replace", bound })
  const permit = Permit.withoutLedger(GridPlan.make(mechanism, dimension))
  return release(scatter, permit, wordsOf(seed))
}

const onGrid = (matrix: Float64Array, grid: number): Margin.Comparison =>
  Margin.holds(matrix.every((x) => Number.isInteger(x / grid) && Math.abs(x / grid) < 2 ** 52))

export const grid = claim({
  id: "dp-lowrank/release-on-a-grid",
  statement:
    "Every released number is an exact multiple of the grid, whatever the rows, and permuting the rows changes no bit.",
  inFloatingPoint: "bits",
  source: derived("secure release in exact arithmetic"),
  instances: releases,
  margin: ({ instance, kernels }) => {
    const { grid: step, matrix } = released(instance, { kernels })
    const reversed = released(instance, { kernels }, "reversed").matrix
    return Margin.all(onGrid(matrix, step), Margin.holds(matrix.every((x, i) => x === reversed[i])))
  },
  controls: [
    {
      name: "noise in floating point",
      margin: ({ instance, kernels }) => {
        const { grid: step, matrix } = released(instance, { kernels })
        const stream = streamOf(instance.seed, "float")
        const moved = matrix.map((x) => x + step * stream.normal())
        return onGrid(moved, step)
      },
    },
  ],
})

/** Whether the row lies in the ball, by rational arithmetic. */
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
    "A row as it is summed has integer entries, lies inside of the ball in exact arithmetic, and is the clipped row to 2^-17 of the bound.",
  inFloatingPoint: "bits",
  source: derived("clipping on an integer grid"),
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
