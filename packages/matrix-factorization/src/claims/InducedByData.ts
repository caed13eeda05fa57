/** The least sharpness of a product for measurements that are not isotropic: D6, D7, and what does not change it. */
import { claim, Draw, Margin } from "@nonconvex/evidence"
import { Seed, Svd } from "@nonconvex/numerics"
import { dense } from "../DenseMeasurements.ts"
import * as Factorisation from "../Factorisation.ts"
import { flattestSingle, flattestTwoLayers } from "../Flattest.ts"
import { gaugeDescent } from "../GaugeDescent.ts"
import * as Matrix from "../Matrix.ts"
import { rankOneInterval } from "../RestrictedIsometry.ts"
import { sharpness } from "../Sharpness.ts"
import * as Theory from "../Theory.ts"
import { traceNorm } from "../TraceNorm.ts"
import {
  distance,
  gaussianMeasurements,
  lowRank,
  normals,
  rotation,
  selected,
  total,
} from "./Instances.ts"
import { derived, recalled } from "./Paper.ts"

interface TwoLayers {
  readonly rows: number
  readonly columns: number
  /** Hidden units beyond what is needed. */
  readonly spare: number
  readonly count: number
  readonly seed: number
}

/** Enough measurements that B_1 and B_2 are far from singular. */
const twoLayers = Draw.record<TwoLayers>({
  rows: Draw.integer(1, 5),
  columns: Draw.integer(1, 5),
  spare: Draw.integer(0, 3),
  count: Draw.integer(12, 24),
  seed: Draw.seed(),
})

const expandTwo = ({ columns, count, rows, seed, spare }: TwoLayers) => {
  const root = Seed.root(seed)
  const shape = Factorisation.shape([columns, Math.min(rows, columns) + spare, rows])
  return {
    shape,
    measurements: gaussianMeasurements(rows, columns, count, root.child("A")),
    x: normals(root.child("W"), shape.dimension),
  }
}

const twoLayerBound = (instance: TwoLayers, factor: number): number => {
  const { measurements, shape, x } = expandTwo(instance)
  const m = Factorisation.endToEnd(shape, x)
  const least = factor * traceNorm(measurements).value(m)
  const flatness = sharpness(measurements, shape)
  const flat = flattestTwoLayers(measurements, shape, m)
  return Margin.all(
    Margin.atLeast(total(flatness.layers(x)), least, 1e-9),
    Margin.equal(total(flatness.layers(flat)), least, { relative: 1e-9 }),
    Margin.atMost(distance(Factorisation.endToEnd(shape, flat), m), 1e-9),
  )
}

export const twoLayerTraceNorm = claim<TwoLayers>({
  id: "matrix-factorization/two-layer-trace-norm",
  statement:
    "In two layers and for any measurements the least T of a product M is 2 |B_1^(1/2) M B_2^(1/2)|_*, and the closed form attains it.",
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
      name: "the plain nuclear norm of an isotropic design",
      instances: twoLayers,
      margin: (instance) => {
        const { measurements, shape, x } = expandTwo(instance)
        const { columns, rows } = shape
        const m = Factorisation.endToEnd(shape, x)
        const least = Theory.inducedIsotropic(
          2,
          rows,
          columns,
          Matrix.nuclearNorm(m, rows, columns),
        )
        const flat = flattestTwoLayers(measurements, shape, m)
        return Margin.equal(total(sharpness(measurements, shape).layers(flat)), least, {
          relative: 1e-3,
        })
      },
    },
  ],
})

interface Single {
  readonly size: number
  readonly depth: number
  readonly seed: number
}

const singles = Draw.record<Single>({
  size: Draw.integer(1, 4),
  depth: Draw.integer(2, 4),
  seed: Draw.seed(),
})

/** An invertible matrix with singular values from 1 to 2. */
const conditioned = (n: number, seed: Seed.Seed): Float64Array => {
  const u = rotation(n, seed.child("U"))
  for (let i = 0; i < n; i++) {
    for (let j = 1; j < n; j++) u[i * n + j]! *= 1 + j / (n - 1)
  }
  return Matrix.multiply(u, rotation(n, seed.child("V")), n, n, n)
}

/** `L sum sigma^p` of `(A'M)^(L-1) A'`. */
const leastSingle = (
  { depth, size }: Single,
  a: Float64Array,
  m: Float64Array,
  value: typeof Theory.inducedSingle,
): number => {
  const transposed = Matrix.transpose(a, size, size)
  const step = Matrix.multiply(transposed, m, size, size, size)
  let k = transposed
  for (let j = 1; j < depth; j++) k = Matrix.multiply(step, k, size, size, size)
  return value(depth, Svd.singularValues(k, size, size))
}

const single = (instance: Single, value: typeof Theory.inducedSingle): number => {
  const { depth, seed, size } = instance
  const root = Seed.root(seed)
  const a = conditioned(size, root.child("A"))
  const measurements = dense({ rows: size, columns: size, matrices: a })
  const shape = Factorisation.uniformShape(size, size, depth)
  const flatness = sharpness(measurements, shape)
  const m = conditioned(size, root.child("M"))
  const flat = flattestSingle(measurements, shape, m)
  // another factorisation of another product, to which the bound must hold as well
  const x = normals(root.child("W"), shape.dimension)
  const other = leastSingle(instance, a, Factorisation.endToEnd(shape, x), value)
  return Margin.all(
    Margin.equal(total(flatness.layers(flat)), leastSingle(instance, a, m, value), {
      relative: 1e-8,
    }),
    Margin.atMost(distance(Factorisation.endToEnd(shape, flat), m), 1e-8),
    Margin.atLeast(total(flatness.layers(x)), other, 1e-8),
  )
}

export const singleMeasurement = claim<Single>({
  id: "matrix-factorization/single-measurement",
  statement:
    "For one measurement A every factorisation of M has T >= L sum_k sigma_k((A'M)^(L-1) A')^(2/L), and for invertible A and M the closed form attains it.",
  source: recalled("one measurement (M5)"),
  instances: singles,
  margin: (instance) => single(instance, Theory.inducedSingle),
  controls: [
    {
      name: "the exponent 2 / (L + 1)",
      instances: singles,
      margin: (instance) =>
        single(
          instance,
          (depth, values) => depth * total(values.map((v) => v ** (2 / (depth + 1)))),
        ),
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
