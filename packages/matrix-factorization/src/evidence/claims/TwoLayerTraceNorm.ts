import { claim, Draw, Margin } from "@nonconvex/evidence"
import type * as Kernels from "@nonconvex/numerics/Kernels"
import * as SymmetricEigen from "@nonconvex/numerics/SymmetricEigen"
import { moments, traceNorm } from "../../flatness/TraceNorm.ts"
import { Factorisation, sharpness } from "../../index.ts"
import * as Theory from "../../theory/Theory.ts"
import * as Matrix from "../../internal/Matrix.ts"
import { distance, total } from "../support/Instances.ts"
import { recalled } from "../support/Paper.ts"
import { expandTwo, twoLayers } from "../support/RandomTwoLayers.ts"
import { flattestTwoLayers } from "../../flatness/Flattest.ts"

/** One measurement of rank one. */
const unseen = Draw.record({
  rows: Draw.integer(2, 5),
  columns: Draw.integer(2, 5),
  spare: Draw.integer(0, 3),
  count: Draw.oneOf(1),
  rank: Draw.oneOf(1),
  seed: Draw.seed(),
})

/**
 * B_1 and B_2 can be inverted to the compared digits if the ratio of their ends is at most this. The roots of both inverses lose
 * as many digits as the ratio has.
 */
const conditionLimit = 1e6

const isWellSeen = (b: Float64Array, n: number, kernels: Kernels.Kernels): boolean => {
  const values = SymmetricEigen.eigenvalues(b, n, kernels)
  return values[n - 1]! <= conditionLimit * values[0]!
}

export const twoLayerTraceNorm = claim({
  id: "matrix-factorization/two-layer-trace-norm",
  statement:
    "In two layers and for any measurements every factorisation of M has T >= 2 |B_1^(1/2) M B_2^(1/2)|_*, and where B_1 and B_2 are invertible the closed form attains it.",
  inFloatingPoint: "spectrum",
  source: recalled("two layers (Ding et al. 2022)"),
  instances: twoLayers,
  value: 1,
  margin: ({ instance, kernels, value: factor }) => {
    const { measurements, shape, x } = expandTwo(instance, kernels)
    const { columns, rows } = shape
    const m = Factorisation.endToEnd(shape, x, kernels)
    const least = factor * traceNorm(measurements).value(m)
    const flatness = sharpness(measurements, shape)
    const bound = Margin.of("sharpness", Margin.atLeast(total(flatness.layers(x)), least, 1e-9))
    const { left, right } = moments(measurements)
    if (!isWellSeen(left, rows, kernels) || !isWellSeen(right, columns, kernels)) return bound
    const flat = flattestTwoLayers(measurements, shape, m)
    return Margin.all(
      bound,
      Margin.equal(total(flatness.layers(flat)), least, { relative: 1e-9 }),
      Margin.atMost(distance(Factorisation.endToEnd(shape, flat, kernels), m), 1e-9),
    )
  },
  controls: [
    { name: "without the factor of two", value: 0.5 },
    {
      name: "four times the norm where measurements leave directions unseen",
      value: 4,
      instances: unseen,
    },
    {
      name: "the plain nuclear norm of an isotropic design",
      margin: ({ instance, kernels }) => {
        const { measurements, shape, x } = expandTwo(instance, kernels)
        const { columns, rows } = shape
        const m = Factorisation.endToEnd(shape, x, kernels)
        const even = Theory.inducedIsotropic(
          2,
          rows,
          columns,
          Matrix.nuclearNorm(m, rows, columns, kernels),
        )
        return Margin.atLeast(total(sharpness(measurements, shape).layers(x)), even, 1e-9)
      },
    },
  ],
})
