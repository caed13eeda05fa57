/** The least sharpness of a product for measurements that are not isotropic: D6, and what does not change it. */
import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as Seed from "@nonconvex/numerics/Seed"
import * as SymmetricEigen from "@nonconvex/numerics/SymmetricEigen"
import { dense } from "../../measurements/DenseMeasurements.ts"
import * as Factorisation from "../../factorisation/Factorisation.ts"
import { flattestTwoLayers } from "../../flatness/Flattest.ts"
import { gaugeDescent } from "../../flatness/GaugeDescent.ts"
import * as Matrix from "../../internal/Matrix.ts"
import { rankOneInterval } from "../../measurements/RestrictedIsometry.ts"
import { sharpness } from "../../flatness/Sharpness.ts"
import * as Theory from "../../theory/Theory.ts"
import { moments, traceNorm } from "../../flatness/TraceNorm.ts"
import { distance, gaussianMeasurements, lowRank, normals, selected, total } from "../support/Instances.ts"
import { derived, recalled } from "../support/Paper.ts"

interface TwoLayers {
  readonly rows: number
  readonly columns: number
  /** Hidden units beyond what is needed. */
  readonly spare: number
  readonly count: number
  /** Of each measurement: few measurements of low rank leave directions unseen, and B_1 or B_2 singular. */
  readonly rank: number
  readonly seed: number
}

const twoLayers = Draw.record<TwoLayers>({
  rows: Draw.integer(1, 5),
  columns: Draw.integer(1, 5),
  spare: Draw.integer(0, 3),
  count: Draw.integer(1, 8),
  rank: Draw.integer(1, 5),
  seed: Draw.seed(),
})

const expandTwo = ({ columns, count, rank, rows, seed, spare }: TwoLayers) => {
  const root = Seed.root(seed)
  const shape = Factorisation.shape([columns, Math.min(rows, columns) + spare, rows])
  const matrices = new Float64Array(count * rows * columns)
  for (let i = 0; i < count; i++) {
    matrices.set(lowRank(rows, columns, rank, root.child("A").child(i)), i * rows * columns)
  }
  return {
    shape,
    measurements: dense({ rows, columns, matrices }),
    x: normals(root.child("W"), shape.dimension),
  }
}

/** One measurement of rank one. */
const unseen = Draw.record<TwoLayers>({
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

const isWellSeen = (b: Float64Array, n: number): boolean => {
  const values = SymmetricEigen.eigenvalues(b, n)
  return values[n - 1]! <= conditionLimit * values[0]!
}

const twoLayerBound = (instance: TwoLayers, factor: number): number => {
  const { measurements, shape, x } = expandTwo(instance)
  const { columns, rows } = shape
  const m = Factorisation.endToEnd(shape, x)
  const least = factor * traceNorm(measurements).value(m)
  const flatness = sharpness(measurements, shape)
  const bound = Margin.atLeast(total(flatness.layers(x)), least, 1e-9)
  const { left, right } = moments(measurements)
  if (!isWellSeen(left, rows) || !isWellSeen(right, columns)) return bound
  const flat = flattestTwoLayers(measurements, shape, m)
  return Margin.all(
    bound,
    Margin.equal(total(flatness.layers(flat)), least, { relative: 1e-9 }),
    Margin.atMost(distance(Factorisation.endToEnd(shape, flat), m), 1e-9),
  )
}

export const twoLayerTraceNorm = claim<TwoLayers>({
  id: "matrix-factorization/two-layer-trace-norm",
  statement:
    "In two layers and for any measurements every factorisation of M has T >= 2 |B_1^(1/2) M B_2^(1/2)|_*, and where B_1 and B_2 are invertible the closed form attains it.",
  source: recalled("two layers (M4; Ding et al. 2022)"),
  instances: twoLayers,
  margin: (instance) => twoLayerBound(instance, 1),
  controls: [
    {
      name: "without the factor of two",
      instances: twoLayers,
      margin: (instance) => twoLayerBound(instance, 0.5),
    },
    {
      name: "four times the norm where measurements leave directions unseen",
      instances: unseen,
      margin: (instance) => twoLayerBound(instance, 4),
    },
    {
      name: "the plain nuclear norm of an isotropic design",
      instances: twoLayers,
      margin: (instance) => {
        const { measurements, shape, x } = expandTwo(instance)
        const { columns, rows } = shape
        const m = Factorisation.endToEnd(shape, x)
        const even = Theory.inducedIsotropic(2, rows, columns, Matrix.nuclearNorm(m, rows, columns))
        return Margin.atLeast(total(sharpness(measurements, shape).layers(x)), even, 1e-9)
      },
    },
  ],
})

interface Orbit {
  readonly size: number
  readonly depth: number
  readonly rank: number
  readonly spare: number
  readonly count: number
  readonly seed: number
}

const orbits = Draw.record<Orbit>({
  size: Draw.integer(2, 4),
  depth: Draw.integer(2, 4),
  rank: Draw.integer(1, 2),
  spare: Draw.integer(1, 2),
  count: Draw.integer(6, 16),
  seed: Draw.seed(),
})

const unchanged = (instance: Orbit, again: (count: number) => ReadonlyArray<number>): number => {
  const { count, depth, rank, seed, size, spare } = instance
  const root = Seed.root(seed)
  const measurements = gaussianMeasurements(size, size, count, root.child("A"))
  const m = lowRank(size, size, rank, root.child("M"))
  const shape = Factorisation.uniformShape(size, size, depth, rank)
  const found = gaugeDescent(measurements, shape, m)
  const wider = Factorisation.uniformShape(size, size, depth, rank + spare)
  const other = gaugeDescent(selected(measurements, again(count)), wider, m)
  // a factorisation of m with hidden units of its own
  const x = normals(root.child("W"), wider.dimension)
  const product = Factorisation.endToEnd(wider, x)
  const least = gaugeDescent(
    measurements,
    Factorisation.uniformShape(size, size, depth, size),
    product,
  )
  return Margin.all(
    Margin.equal(other.sharpness, found.sharpness, { relative: 1e-6 }),
    Margin.atMost(distance(Factorisation.endToEnd(wider, other.parameters), m), 1e-9),
    Margin.atLeast(total(sharpness(measurements, wider).layers(x)), least.sharpness, 1e-6),
  )
}

const everyIndex = (count: number): ReadonlyArray<number> =>
  Array.from({ length: count }, (_, i) => i)

export const leastSharpnessInvariance = claim<Orbit>({
  id: "matrix-factorization/least-sharpness-invariance",
  statement:
    "The least T of a product, by descent along its factorisations, does not change with unused hidden units nor when all measurements are listed twice, and no factorisation lies below it.",
  source: derived("metamorphic; F(A, A) = F(A)"),
  instances: orbits,
  margin: (instance) =>
    unchanged(instance, (count) => [...everyIndex(count), ...everyIndex(count)]),
  controls: [
    {
      name: "one measurement listed twice",
      instances: orbits,
      margin: (instance) => unchanged(instance, (count) => [...everyIndex(count), 0]),
    },
  ],
})

const between = (instance: Orbit, ends: (lo: number, hi: number) => readonly [number, number]) => {
  const { count, depth, rank, seed, size } = instance
  const root = Seed.root(seed)
  const measurements = gaussianMeasurements(size, size, count, root.child("A"))
  const m = lowRank(size, size, rank, root.child("M"))
  const shape = Factorisation.uniformShape(size, size, depth, rank)
  const { sharpness: least } = gaugeDescent(measurements, shape, m)
  const even = Theory.inducedIsotropic(depth, size, size, Matrix.nuclearNorm(m, size, size))
  const { hi, lo } = rankOneInterval(measurements, { starts: 8 })
  const [low, high] = ends(lo, hi)
  return Margin.all(
    Margin.atLeast(least, low * even, 1e-6),
    Margin.atMost(least, high * even, 1e-6),
  )
}

export const leastSharpnessSandwich = claim<Orbit>({
  id: "matrix-factorization/least-sharpness-sandwich",
  statement:
    "The least T of a product lies between lo and hi times that of an isotropic design, at every depth.",
  source: recalled("rank-one isometry suffices (M6)"),
  instances: orbits,
  margin: (instance) => between(instance, (lo, hi) => [lo, hi]),
  controls: [
    {
      name: "the means of the ends in place of the ends",
      instances: orbits,
      margin: (instance) => between(instance, (lo, hi) => [(lo + hi) / 2, (lo + hi) / 2]),
    },
  ],
})
