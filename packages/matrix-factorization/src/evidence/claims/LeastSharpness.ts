/** The least sharpness of a product: what it scales with, what leaves it alone, and what it lies between. */
import { Draw, Margin, parametrised } from "@nonconvex/evidence"
import type * as Kernels from "@nonconvex/numerics/Kernels"
import * as Seed from "@nonconvex/numerics/Seed"
import { Factorisation, gaugeDescent, rankOneInterval, sharpness, Theory } from "../../index.ts"
import * as Matrix from "../../internal/Matrix.ts"
import {
  distance,
  expand,
  gaussianMeasurements,
  instances,
  leastIsotropic,
  lowRank,
  normals,
  rotation,
  total,
  wideEnough,
} from "../support/Instances.ts"
import { range } from "../support/Combinations.ts"
import { derived, recalled } from "../support/Paper.ts"
import { selected } from "../support/Transformations.ts"

export const leastSharpnessHomogeneity = parametrised({
  id: "matrix-factorization/least-sharpness-homogeneity",
  statement:
    "For an isotropic design the least sharpness is invariant under rotations of M from both sides and F(t M) = t^(2 (L-1)/L) F(M).",
  source: derived("metamorphic"),
  instances: instances(),
  margin: (instance, { kernels }, power) => {
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
      Margin.equal(leastIsotropic(shape, larger, kernels), factor ** power(depth) * least, {
        relative: 1e-11,
      }),
    )
  },
  holds: (depth: number) => (2 * (depth - 1)) / depth,
  fails: [["homogeneous of degree 2, as T is in one layer", () => 2]],
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

export const leastSharpnessInvariance = parametrised({
  id: "matrix-factorization/least-sharpness-invariance",
  statement:
    "The least T of a product, by descent along its factorisations, does not change with unused hidden units nor when all measurements are listed twice, and no factorisation lies below it.",
  source: derived("metamorphic; F(A, A) = F(A)"),
  instances: orbits,
  margin: (instance, { kernels }, again) => {
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
  holds: (count: number) => [...range(count), ...range(count)],
  fails: [["one measurement listed twice", (count) => [...range(count), 0]]],
})

export const leastSharpnessSandwich = parametrised({
  id: "matrix-factorization/least-sharpness-sandwich",
  statement:
    "The least T of a product lies between lo and hi times that of an isotropic design, at every depth.",
  source: recalled("rank-one isometry suffices"),
  instances: orbits,
  margin: (instance, { kernels }, ends) => {
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
  holds: (lo: number, hi: number): readonly [number, number] => [lo, hi],
  fails: [
    ["the means of the ends in place of the ends", (lo, hi) => [(lo + hi) / 2, (lo + hi) / 2]],
  ],
})
