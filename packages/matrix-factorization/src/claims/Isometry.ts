/** What restricted isometry implies: D8, D9, D10 and the cone behind M9. */
import { claim, Draw, Margin } from "@nonconvex/evidence"
import { Seed, Svd, SymmetricEigen, Vector } from "@nonconvex/numerics"
import { flattestInterpolant } from "../FlattestInterpolant.ts"
import * as Matrix from "../Matrix.ts"
import { measure, type Measurements } from "../Measurements.ts"
import { meanSquare, rankOneCorrelation, rankOneInterval } from "../RestrictedIsometry.ts"
import { sharpness } from "../Sharpness.ts"
import { isotropic } from "../SparseMeasurements.ts"
import * as Theory from "../Theory.ts"
import {
  expand,
  gaussianMeasurements,
  type Instance,
  lowRank,
  normals,
  total,
} from "./Instances.ts"
import { derived, recalled } from "./Paper.ts"

/** Searches per end: with widths up to 5 nearly every one finds the same. */
const starts = 8

const sandwich = (instance: Instance, low: number, high: number): number => {
  const { measurements, shape, x } = expand(instance)
  const { hi, lo } = rankOneInterval(measurements, { starts })
  const t = total(sharpness(measurements, shape).layers(x))
  const even = total(sharpness(isotropic(shape.rows, shape.columns), shape).layers(x))
  return Margin.all(
    Margin.atLeast(t, low * lo * even, 1e-6),
    Margin.atMost(t, high * hi * even, 1e-6),
  )
}

const many = Draw.record<Instance>({
  widths: Draw.list(Draw.integer(1, 4), 3, 5),
  count: Draw.integer(8, 60),
  scale: Draw.logarithmic(1, 2.5),
  seed: Draw.seed(),
})

export const isometrySandwich = claim<Instance>({
  id: "matrix-factorization/isometry-sandwich",
  statement:
    "At every W the sharpness lies between lo and hi times that of an isotropic design, lo and hi the range of (1/n) sum <A_i, X>^2 over unit X of rank one.",
  source: recalled("rank-one isometry suffices (M6)"),
  instances: many,
  margin: (instance) => sandwich(instance, 1, 1),
  controls: [
    {
      name: "half of the upper end",
      instances: many,
      margin: (instance) => sandwich(instance, 1, 0.5),
    },
    {
      name: "twice the lower end",
      instances: many,
      margin: (instance) => sandwich(instance, 2, 1),
    },
  ],
})

interface Sensing {
  readonly size: number
  readonly count: number
  readonly seed: number
}

/** From far too few measurements, where the flattest interpolant is not the truth, to enough. */
const sensing = Draw.record<Sensing>({
  size: Draw.integer(4, 8),
  count: Draw.integer(10, 45),
  seed: Draw.seed(),
})

const nuclearFactor = (
  { count, seed, size }: Sensing,
  allowed: (lo: number, hi: number) => number,
): number => {
  const root = Seed.root(seed)
  const measurements = gaussianMeasurements(size, size, count, root.child("A"))
  const truth = lowRank(size, size, 1, root.child("M"))
  const { matrix } = flattestInterpolant(measurements, measure(measurements, truth))
  const { hi, lo } = rankOneInterval(measurements, { starts: 4 })
  return Margin.atMost(
    Matrix.nuclearNorm(matrix, size, size),
    allowed(lo, hi) * Matrix.nuclearNorm(truth, size, size),
    1e-6,
  )
}

export const nuclearNormFactor = claim<Sensing>({
  id: "matrix-factorization/nuclear-norm-factor",
  statement:
    "The flattest two-layer interpolant has a nuclear norm of at most hi / lo times that of any other interpolant.",
  source: derived("nuclear norm of the flattest interpolant (M7)"),
  instances: sensing,
  margin: (instance) =>
    nuclearFactor(instance, (lo, hi) => Math.min(Theory.nuclearNormFactor(2, lo, hi), 1e100)),
  controls: [
    {
      name: "the ends exchanged",
      instances: sensing,
      margin: (instance) => nuclearFactor(instance, (lo, hi) => lo / hi),
    },
    {
      name: "no more than the truth itself, from few measurements",
      instances: Draw.record<Sensing>({
        size: Draw.integer(6, 8),
        count: Draw.integer(12, 20),
        seed: Draw.seed(),
      }),
      margin: (instance) => nuclearFactor(instance, () => 1),
    },
  ],
})

interface Probe {
  readonly size: number
  readonly count: number
  /** Whether X is the matrix that the measurements distort most, or a random one. */
  readonly kind: "worst" | "random"
  readonly seed: number
}

const probes = Draw.record<Probe>({
  size: Draw.integer(2, 5),
  count: Draw.integer(4, 60),
  kind: Draw.oneOf("random", "worst"),
  seed: Draw.seed(),
})

/** The unit matrix whose `(1/n) sum <A_i, X>^2` is farthest from 1. */
const worst = (measurements: Measurements): Float64Array => {
  const size = measurements.rows * measurements.columns
  const gram = new Float64Array(size * size)
  const unit = new Float64Array(size)
  const measured = new Float64Array(measurements.count)
  for (let k = 0; k < size; k++) {
    unit.fill(0)
    unit[k] = 1 / measurements.count
    measurements.apply(unit, measured)
    measurements.adjoint(measured, gram.subarray(k * size, (k + 1) * size))
  }
  Vector.scale(measurements.count, gram)
  const { values, vectors } = SymmetricEigen.eigen(gram, size)
  const last = size - 1
  const k = Math.abs(values[0]! - 1) > Math.abs(values[last]! - 1) ? 0 : last
  return vectors.slice(k * size, (k + 1) * size)
}

const bilinear = (
  { count, kind, seed, size }: Probe,
  squared: (x: Float64Array) => number,
): number => {
  const root = Seed.root(seed)
  const measurements = gaussianMeasurements(size, size, count, root.child("A"))
  const x = kind === "worst" ? worst(measurements) : normals(root.child("X"), size * size)
  const correlation = rankOneCorrelation(measurements, { starts: 12 })
  const distortion = Math.abs(meanSquare(measurements, x) - Vector.dot(x, x))
  // the correlation is estimated from below
  return Margin.atMost(distortion, correlation * squared(x), 0.02)
}

export const bilinearBound = claim<Probe>({
  id: "matrix-factorization/nuclear-distortion",
  statement:
    "|(1/n) sum <A_i, X>^2 - |X|_F^2| <= delta |X|_*^2 for every X, delta the largest correlation of two unit matrices of rank one.",
  source: derived("bilinear bound (M8)"),
  instances: probes,
  margin: (probe) => bilinear(probe, (x) => Matrix.nuclearNorm(x, probe.size, probe.size) ** 2),
  controls: [
    {
      name: "the Frobenius norm in place of the nuclear norm",
      instances: probes,
      margin: (probe) => bilinear(probe, (x) => Vector.dot(x, x)),
    },
  ],
})

interface Cone {
  readonly size: number
  readonly rank: number
  readonly offset: number
  readonly seed: number
}

const cones = Draw.record<Cone>({
  size: Draw.integer(3, 9),
  rank: Draw.integer(1, 2),
  offset: Draw.logarithmic(1e-2, 10),
  seed: Draw.seed(),
})

/** `R = X - M*` in its parts inside and outside of the tangent space of M*, and the tail of the outer part. */
const cone = ({ offset, rank, seed, size }: Cone, tailRank: number): number => {
  const root = Seed.root(seed)
  const n = size
  const truth = lowRank(n, n, rank, root.child("M"))
  const r = normals(root.child("R"), n * n, offset / n)
  const x = truth.slice()
  Vector.axpy(1, r, x)
  const { left, right } = Svd.decompose(truth, n, n)
  const without = (vectors: Float64Array): Float64Array => {
    const p = Matrix.identity(n)
    for (let k = 0; k < rank; k++) {
      const v = vectors.subarray(k * n, (k + 1) * n)
      for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) p[i * n + j]! -= v[i]! * v[j]!
    }
    return p
  }
  const outer = Matrix.multiply(Matrix.multiply(without(left), r, n, n, n), without(right), n, n, n)
  const inner = r.slice()
  Vector.axpy(-1, outer, inner)
  const norm = Matrix.nuclearNorm(truth, n, n)
  const excess = Matrix.nuclearNorm(x, n, n) - norm
  const values = Svd.singularValues(outer, n, n)
  const blocks = Math.ceil(n / tailRank)
  let tail = 0
  for (let k = 1; k < blocks; k++)
    tail += Vector.norm(values.slice(k * tailRank, (k + 1) * tailRank))
  const q = Math.sqrt(2 / 3)
  return Margin.all(
    Margin.atMost(total(values), Matrix.nuclearNorm(inner, n, n) + excess, 1e-10),
    Margin.atMost(tail, q * Vector.norm(inner) + excess / Math.sqrt(3 * rank), 1e-10),
  )
}

export const errorCone = claim<Cone>({
  id: "matrix-factorization/error-cone",
  statement:
    "For X with |X|_* = (1 + eps) |M*|_* the part of X - M* outside of the tangent space of M* has a nuclear norm of at most the rest's plus eps |M*|_*, and in blocks of rank 3r a tail of at most sqrt(2/3) of the rest plus eps |M*|_* / sqrt(3r).",
  source: derived("the step behind the rank-r bound (M9; Recht, Fazel, Parrilo 2010)"),
  instances: cones,
  margin: (instance) => cone(instance, 3 * instance.rank),
  controls: [
    {
      name: "blocks of rank 1",
      instances: cones,
      margin: (instance) => cone({ ...instance, size: 9 }, 1),
    },
  ],
})
