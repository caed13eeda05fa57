/** The balance of the two flattest layers, for any measurements. */
import { claim, Margin } from "@nonconvex/evidence"
import * as Seed from "@nonconvex/numerics/Seed"
import { moments } from "../../flatness/TraceNorm.ts"
import { gaussianMeasurements } from "../support/Instances.ts"
import { derived } from "../support/Paper.ts"
import { expandTwo, imbalance, twoLayers } from "../support/TwoLayers.ts"
import { balanced, flattestTwoLayers } from "../../flatness/Flattest.ts"

export const weightedBalance = claim({
  id: "matrix-factorization/weighted-balance",
  statement:
    "In two layers, for measurements that see every direction, the flattest factorisations have W_2' B_1 W_2 = W_1 B_2 W_1'.",
  inFloatingPoint: "limit",
  source: derived("balance at the optimum, for any measurements"),
  instances: twoLayers,
  value: flattestTwoLayers,
  margin: ({ instance, kernels, value: layers }) => {
    const { m, shape } = expandTwo(instance)
    const { columns, count, rows, seed } = instance
    const own = Seed.root(seed).child("A")
    const measurements = gaussianMeasurements(rows, columns, count, own, kernels)
    const { left, right } = moments(measurements)
    return Margin.atMost(
      imbalance(shape, layers(measurements, shape, m), left, right, kernels),
      1e-9,
    )
  },
  controls: [
    {
      name: "layers that are balanced without weights",
      value: ({ given }, shape, m) => balanced(shape, m, given),
    },
  ],
})
