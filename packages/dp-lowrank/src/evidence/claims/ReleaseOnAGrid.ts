import { claim, type Given, Kind, Margin } from "@nonconvex/evidence"
import * as Mechanism from "../../noise/GaussianMechanism.ts"
import * as Public from "../../privacy/Public.ts"
import * as GridPlan from "../../release/GridPlan.ts"
import { Permit } from "../../release/Permit.ts"
import { PrivateScatter } from "../../release/PrivateScatter.ts"
import { release } from "../../release/Release.ts"
import { derived } from "../support/Paper.ts"
import { type Released, releases, rowsOf } from "../support/ReleasedRows.ts"
import { streamOf, wordsOf } from "../support/Structures.ts"

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

export const releaseOnAGrid = claim({
  id: "dp-lowrank/release-on-a-grid",
  statement:
    "Every released number is an exact multiple of the grid, whatever the rows, and permuting the rows changes no bit.",
  inFloatingPoint: "bits",
  source: Kind.identity(derived("secure release in exact arithmetic")),
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
