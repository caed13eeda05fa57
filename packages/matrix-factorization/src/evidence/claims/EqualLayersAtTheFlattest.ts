import { claim, Draw, Margin } from "@nonconvex/evidence"
import type * as Kernels from "@nonconvex/numerics/Kernels"
import * as Seed from "@nonconvex/numerics/Seed"
import { sharpness } from "../../index.ts"
import { searchFlattest } from "../support/FlattestSearch.ts"
import { spread } from "../support/Instances.ts"
import { derived } from "../support/Paper.ts"
import { balanced } from "../../flatness/Flattest.ts"

const sensing = Draw.record({
  size: Draw.integer(2, 4),
  rank: Draw.integer(1, 2),
  depth: Draw.integer(3, 4),
  /**
   * Number of measurements, at least one row of entries fewer than entries; closer to that number the search often fails to
   * converge.
   */
  count: Draw.integer(3, 12),
  seed: Draw.seed(),
})

type Sensing = Draw.Drawn<typeof sensing>

const flattestOf = ({ depth, rank, seed, size, ...most }: Sensing, kernels: Kernels.Kernels) => {
  const count = Math.min(most.count, size * size - size)
  return searchFlattest({ rows: size, columns: size, rank, count }, depth, Seed.root(seed), kernels)
}

export const equalLayersAtTheFlattest = claim({
  id: "matrix-factorization/equal-layers-at-the-flattest",
  statement: "At a flattest interpolant in three or four layers all T_j are equal.",
  inFloatingPoint: "limit",
  source: derived("first-order condition"),
  instances: sensing,
  margin: ({ instance, kernels }) => {
    const { flattest, isFound } = flattestOf(instance, kernels)
    return Margin.all(isFound, Margin.atMost(spread(flattest.layers), 1e-4))
  },
  controls: [
    {
      name: "the balanced layers of the same matrix",
      margin: ({ instance, kernels }) => {
        const { flattest, measurements } = flattestOf(instance, kernels)
        const { matrix, shape } = flattest
        return Margin.atMost(
          spread(sharpness(measurements, shape).layers(balanced(shape, matrix, kernels))),
          1e-4,
        )
      },
    },
  ],
})
