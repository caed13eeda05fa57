/** The least sharpness of a product in two layers, for any measurements. */
import type * as Kernels from "@nonconvex/numerics/Kernels"
import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as Seed from "@nonconvex/numerics/Seed"
import * as SymmetricEigen from "@nonconvex/numerics/SymmetricEigen"
import * as Vector from "@nonconvex/numerics/Vector"
import {
  dense,
  Factorisation,
  flattestTwoLayers,
  sharpness,
  Theory,
  traceNorm,
} from "../../index.ts"
import { moments } from "../../flatness/TraceNorm.ts"
import * as Matrix from "../../internal/Matrix.ts"
import { range } from "../support/Combinations.ts"
import { distance, lowRank, normals, total } from "../support/Instances.ts"
import { derived, recalled } from "../support/Paper.ts"

const twoLayers = Draw.record({
  rows: Draw.integer(1, 5),
  columns: Draw.integer(1, 5),
  /** Hidden units beyond what is needed. */
  spare: Draw.integer(0, 3),
  count: Draw.integer(1, 8),
  /** Of each measurement: few measurements of low rank leave directions unseen, and B_1 or B_2 singular. */
  rank: Draw.integer(1, 5),
  seed: Draw.seed(),
})

const expandTwo = (
  { columns, count, rank, rows, seed, spare }: Draw.Drawn<typeof twoLayers>,
  kernels: Kernels.Kernels,
) => {
  const root = Seed.root(seed)
  const shape = Factorisation.shape([columns, Math.min(rows, columns) + spare, rows])
  const matrices = new Float64Array(count * rows * columns)
  for (let i = 0; i < count; i++) {
    matrices.set(
      lowRank(rows, columns, rank, root.child("A").child(i), kernels),
      i * rows * columns,
    )
  }
  return {
    shape,
    measurements: dense({ rows, columns, matrices, kernels }),
    x: normals(root.child("W"), shape.dimension),
  }
}

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
 * B_1 and B_2 invert to the digits that are compared where the ratio of their ends is at most this: the roots of both inverses lose
 * as many digits as it has.
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
    const bound = Margin.atLeast(total(flatness.layers(x)), least, 1e-9)
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

export const traceNormSubgradient = claim({
  id: "matrix-factorization/trace-norm-subgradient",
  statement:
    "The subgradient G of the trace norm at M has <G, M> equal to the norm of M, and <G, N> at most that of any N.",
  inFloatingPoint: "spectrum",
  source: derived("subgradients of a norm"),
  instances: twoLayers,
  value: 1,
  margin: ({ instance, kernels, value: factor }) => {
    const { measurements, shape, x } = expandTwo(instance, kernels)
    const m = Factorisation.endToEnd(shape, x, kernels)
    const { subgradient, value } = traceNorm(measurements)
    const g = subgradient(m)
    Vector.scale(factor, g)
    const others = range(3).map((k) => {
      const other = normals(Seed.root(instance.seed).child("N").child(k), m.length)
      return Margin.atMost(Vector.dot(g, other), value(other), 1e-9)
    })
    return Margin.all(Margin.equal(Vector.dot(g, m), value(m), { relative: 1e-9 }), ...others)
  },
  controls: [{ name: "half of it", value: 0.5 }],
})
