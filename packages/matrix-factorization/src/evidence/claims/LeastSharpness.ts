/** The least sharpness of a product, and its least weight decay: what they scale with, what leaves them alone, and what they lie between. */
import { claim, Draw, type Given, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import type * as Kernels from "@nonconvex/numerics/Kernels"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Svd from "@nonconvex/numerics/Svd"
import * as Vector from "@nonconvex/numerics/Vector"
import {
  balanced,
  Factorisation,
  gaugeDescent,
  rankOneInterval,
  sharpness,
  Theory,
} from "../../index.ts"
import * as Matrix from "../../internal/Matrix.ts"
import { range } from "../support/Combinations.ts"
import { searchFlattest } from "../support/FlattestSearch.ts"
import {
  distance,
  expand,
  gaussianMeasurements,
  instances,
  leastIsotropic,
  lowRank,
  normals,
  rotation,
  spread,
  total,
  wideEnough,
} from "../support/Instances.ts"
import { derived, recalled } from "../support/Paper.ts"
import { selected } from "../support/Transformations.ts"

export const leastSharpnessHomogeneity = claim({
  id: "matrix-factorization/least-sharpness-homogeneity",
  statement:
    "For an isotropic design the least sharpness is invariant under rotations of M from both sides and F(t M) = t^(2 (L-1)/L) F(M).",
  inFloatingPoint: "spectrum",
  source: derived("metamorphic"),
  instances: instances(),
  value: (depth: number) => (2 * (depth - 1)) / depth,
  margin: ({ instance, kernels, value: power }) => {
    const { seed, shape, x } = expand(instance, kernels, wideEnough(instance.widths))
    const { columns, depth, rows } = shape
    const m = Factorisation.endToEnd(shape, x, kernels)
    const least = leastIsotropic(shape, m, kernels)
    const factor = 1.9
    const [u, v] = [rotation(rows, seed.child("U")), rotation(columns, seed.child("V"))]
    const rotated = Matrix.sandwich(u, m, v, rows, columns, kernels)
    const larger = m.map((value) => factor * value)
    return Margin.all(
      Margin.equal(leastIsotropic(shape, rotated, kernels), least, { relative: 1e-11 }),
      Margin.equal(
        leastIsotropic(shape, larger, kernels),
        Elementary.pow(factor, power(depth)) * least,
        {
          relative: 1e-11,
        },
      ),
    )
  },
  controls: [{ name: "homogeneous of degree 2, as T is in one layer", value: () => 2 }],
})

const orbits = Draw.record({
  size: Draw.integer(2, 4),
  depth: Draw.integer(2, 4),
  rank: Draw.integer(1, 2),
  spare: Draw.integer(1, 2),
  count: Draw.integer(6, 16),
  seed: Draw.seed(),
})

/** Measurements, a matrix, and layers of its rank. */
const orbitOf = (
  { count, depth, rank, seed, size }: Draw.Drawn<typeof orbits>,
  kernels: Kernels.Kernels,
) => {
  const root = Seed.root(seed)
  return {
    root,
    measurements: gaussianMeasurements(size, size, count, root.child("A"), kernels),
    m: lowRank(size, size, rank, root.child("M"), kernels),
    shape: Factorisation.uniformShape(size, size, depth, rank),
  }
}

export const leastSharpnessInvariance = claim({
  id: "matrix-factorization/least-sharpness-invariance",
  statement:
    "The least T of a product, by descent along its factorisations, does not change with unused hidden units nor when all measurements are listed twice, and no factorisation lies below it.",
  inFloatingPoint: "limit",
  source: derived("metamorphic; F(A, A) = F(A)"),
  instances: orbits,
  value: (count: number) => [...range(count), ...range(count)],
  margin: ({ instance, kernels, value: again }) => {
    const { count, depth, rank, size, spare } = instance
    const { m, measurements, root, shape } = orbitOf(instance, kernels)
    const found = gaugeDescent(measurements, shape, m)
    const wider = Factorisation.uniformShape(size, size, depth, rank + spare)
    const other = gaugeDescent(selected(measurements, again(count)), wider, m)
    // a factorisation of m with hidden units of its own
    const x = normals(root.child("W"), wider.dimension)
    const product = Factorisation.endToEnd(wider, x, kernels)
    const least = gaugeDescent(
      measurements,
      Factorisation.uniformShape(size, size, depth, size),
      product,
    )
    return Margin.all(
      Margin.equal(other.sharpness, found.sharpness, { relative: 1e-6 }),
      Margin.atMost(distance(Factorisation.endToEnd(wider, other.parameters, kernels), m), 1e-9),
      Margin.atLeast(total(sharpness(measurements, wider).layers(x)), least.sharpness, 1e-6),
    )
  },
  controls: [{ name: "one measurement listed twice", value: (count) => [...range(count), 0] }],
})

export const leastSharpnessSandwich = claim({
  id: "matrix-factorization/least-sharpness-sandwich",
  statement:
    "The least T of a product lies between lo and hi times that of an isotropic design, at every depth.",
  inFloatingPoint: "limit",
  source: recalled("rank-one isometry suffices"),
  instances: orbits,
  value: (lo: number, hi: number): readonly [number, number] => [lo, hi],
  margin: ({ instance, kernels, value: ends }) => {
    const { depth, size } = instance
    const { m, measurements, shape } = orbitOf(instance, kernels)
    const { sharpness: least } = gaugeDescent(measurements, shape, m)
    const even = Theory.inducedIsotropic(
      depth,
      size,
      size,
      Matrix.nuclearNorm(m, size, size, kernels),
    )
    const { hi, lo } = rankOneInterval(measurements, { starts: 8 })
    const [low, high] = ends(lo, hi)
    return Margin.all(
      Margin.atLeast(least, low * even, 1e-6),
      Margin.atMost(least, high * even, 1e-6),
    )
  },
  controls: [
    {
      name: "the means of the ends in place of the ends",
      value: (lo, hi) => [(lo + hi) / 2, (lo + hi) / 2],
    },
  ],
})

const pairs = Draw.record({
  size: Draw.integer(2, 6),
  ranks: Draw.list(Draw.integer(1, 6), 2, 2).map(([a, b]) => [a!, b!] as const),
  /** Of the Frobenius norms. */
  ratio: Draw.logarithmic(1, 3),
  seed: Draw.seed(),
})
type Pair = Draw.Drawn<typeof pairs>

const depths = [2, 3, 4, 5, 6] as const

/** Whether a penalty orders two random matrices alike at every depth, and as the nuclear norm does. */
const sameOrder = (
  { ranks, ratio, seed, size }: Pair,
  { kernels }: Given,
  penalty: (depth: number, values: Float64Array) => number,
): Margin.Comparison => {
  const root = Seed.root(seed)
  const values = ranks.map((rank, k) => {
    const m = lowRank(size, size, Math.min(rank, size), root.child(k), kernels)
    Vector.scale((k === 0 ? ratio : 1) / Vector.norm(m), m)
    return Svd.singularValues(m, size, size, kernels)
  })
  const [first, second] = [values[0]!, values[1]!]
  const expected = Math.sign(total(first) - total(second))
  return Margin.holds(
    depths.every((depth) => Math.sign(penalty(depth, first) - penalty(depth, second)) === expected),
  )
}

export const depthIndependence = claim({
  id: "matrix-factorization/depth-independence",
  statement:
    "For an isotropic design the least sharpness orders any two matrices as their nuclear norms do, at every depth from 2 to 6.",
  inFloatingPoint: "spectrum",
  source: recalled("all depths above one (abstract)"),
  instances: pairs,
  margin: ({ instance: pair, kernels }) =>
    sameOrder(pair, { kernels }, (depth, values) =>
      Theory.inducedIsotropic(depth, pair.size, pair.size, total(values)),
    ),
  controls: [
    {
      name: "weight decay in place of flatness",
      margin: ({ instance: pair, kernels }) =>
        sameOrder(pair, { kernels }, Theory.weightDecayPenalty),
    },
  ],
})

const sensing = Draw.record({
  size: Draw.integer(2, 4),
  rank: Draw.integer(1, 2),
  depth: Draw.integer(3, 4),
  /** Measurements, at least a row of entries fewer than entries: where they nearly fix the matrix the search too often does not settle. */
  count: Draw.integer(3, 12),
  seed: Draw.seed(),
})
type Sensing = Draw.Drawn<typeof sensing>

const flattestOf = ({ depth, rank, seed, size, ...most }: Sensing, kernels: Kernels.Kernels) => {
  const count = Math.min(most.count, size * size - size)
  return searchFlattest({ rows: size, columns: size, rank, count }, depth, Seed.root(seed), kernels)
}

export const equalLayers = claim({
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

export const leastWeightDecay = claim({
  id: "matrix-factorization/least-weight-decay",
  statement:
    "Every factorisation of M has sum |W_j|_F^2 >= L sum sigma_k(M)^(2/L), and the balanced one attains it.",
  inFloatingPoint: "spectrum",
  source: recalled("contrast with weight decay"),
  instances: instances(),
  value: (_depth: number): number => 1,
  margin: ({ instance, kernels, value: factorOf }) => {
    const { shape, x } = expand(instance, kernels, wideEnough(instance.widths))
    const m = Factorisation.endToEnd(shape, x, kernels)
    const least =
      factorOf(shape.depth) *
      Theory.weightDecayPenalty(
        shape.depth,
        Svd.singularValues(m, shape.rows, shape.columns, kernels),
      )
    const flat = balanced(shape, m, kernels)
    return Margin.all(
      Margin.atLeast(Vector.dot(x, x), least, 1e-11),
      Margin.equal(Vector.dot(flat, flat), least, { relative: 1e-11 }),
    )
  },
  controls: [{ name: "a factor of L forgotten", value: (depth) => 1 / depth }],
})
