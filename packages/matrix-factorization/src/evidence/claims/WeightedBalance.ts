/** The balance of the two flattest layers, for any measurements. */
import type * as Kernels from "@nonconvex/numerics/Kernels"
import { claim, Margin } from "@nonconvex/evidence"
import * as Seed from "@nonconvex/numerics/Seed"
import type * as Factorisation from "../../factorisation/Factorisation.ts"
import { balanced, flattestTwoLayers } from "../../flatness/Flattest.ts"
import { moments } from "../../flatness/TraceNorm.ts"
import type { Measurements } from "../../measurements/Measurements.ts"
import { gaussianMeasurements } from "../support/Instances.ts"
import { derived } from "../support/Paper.ts"
import { expandTwo, imbalance, type TwoLayers, twoLayers } from "../support/TwoLayers.ts"

const margin = (
  instance: TwoLayers,
  kernels: Kernels.Kernels,
  layers: (measurements: Measurements, shape: Factorisation.Shape, m: Float64Array) => Float64Array,
): number => {
  const { m, shape } = expandTwo(instance)
  const { columns, count, rows, seed } = instance
  const measurements = gaussianMeasurements(
    rows,
    columns,
    count,
    Seed.root(seed).child("A"),
    kernels,
  )
  const { left, right } = moments(measurements)
  return Margin.atMost(imbalance(shape, layers(measurements, shape, m), left, right, kernels), 1e-9)
}

export const weightedBalance = claim<TwoLayers>({
  id: "matrix-factorization/weighted-balance",
  statement:
    "In two layers the flattest ones for any measurements that see every direction have W_2' B_1 W_2 = W_1 B_2 W_1'.",
  source: derived("balance at the optimum, for any measurements"),
  instances: twoLayers,
  margin: (instance, { kernels }) => margin(instance, kernels, flattestTwoLayers),
  controls: [
    {
      name: "layers that are balanced without weights",
      instances: twoLayers,
      margin: (instance, { kernels }) =>
        margin(instance, kernels, (_, shape, m) => balanced(shape, m, kernels)),
    },
  ],
})
