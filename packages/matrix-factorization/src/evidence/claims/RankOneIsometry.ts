/** What the isometry of the measurements on matrices of rank one says: of the sharpness, of any matrix, and of the error of one with little nuclear norm. */
import { claim, Draw, type Given, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import type * as Kernels from "@nonconvex/numerics/Kernels"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Svd from "@nonconvex/numerics/Svd"
import * as SymmetricEigen from "@nonconvex/numerics/SymmetricEigen"
import * as Vector from "@nonconvex/numerics/Vector"
import {
  isotropic,
  type Measurements,
  rankOneCorrelation,
  rankOneInterval,
  sharpness,
} from "../../index.ts"
import * as Matrix from "../../internal/Matrix.ts"
import { meanSquare } from "../../measurements/RestrictedIsometry.ts"
import {
  expand,
  gaussianMeasurements,
  instances,
  lowRank,
  normals,
  total,
} from "../support/Instances.ts"
import { derived, recalled } from "../support/Paper.ts"

export const isometrySandwich = claim({
  id: "matrix-factorization/isometry-sandwich",
  statement:
    "At every W the sharpness lies between lo and hi times that of an isotropic design, lo and hi the range of (1/n) sum <A_i, X>^2 over unit X of rank one.",
  inFloatingPoint: "spectrum",
  source: recalled("rank-one isometry suffices"),
  instances: instances(400),
  /** By what the two ends are multiplied. */
  value: [1, 1] as readonly [number, number],
  margin: ({ instance, kernels, value: [low, high] }) => {
    const { measurements, shape, x } = expand(instance, kernels)
    const { hi, lo } = rankOneInterval(measurements)
    const t = total(sharpness(measurements, shape).layers(x))
    const even = total(sharpness(isotropic(shape.rows, shape.columns, kernels), shape).layers(x))
    return Margin.all(
      Margin.atLeast(t, low * lo * even, 1e-6),
      Margin.atMost(t, high * hi * even, 1e-6),
    )
  },
  controls: [
    { name: "half of the upper end", value: [1, 0.5] },
    { name: "twice the lower end", value: [2, 1] },
  ],
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
  const { values, vectors } = SymmetricEigen.eigen(gram, size, measurements.given)
  const last = size - 1
  const k = Math.abs(values[0]! - 1) > Math.abs(values[last]! - 1) ? 0 : last
  return vectors.slice(k * size, (k + 1) * size)
}

export const nuclearDistortion = claim({
  id: "matrix-factorization/nuclear-distortion",
  statement:
    "|(1/n) sum <A_i, X>^2 - |X|_F^2| <= delta |X|_*^2 for every X, delta the largest correlation of two unit matrices of rank one.",
  inFloatingPoint: "spectrum",
  source: derived("bilinear bound"),
  instances: Draw.record({
    size: Draw.integer(2, 5),
    count: Draw.integer(4, 60),
    /** Whether X is the matrix that the measurements distort most, or a random one. */
    kind: Draw.oneOf("random", "worst"),
    seed: Draw.seed(),
  }),
  value: (x: Float64Array, size: number, kernels: Kernels.Kernels) =>
    Elementary.square(Matrix.nuclearNorm(x, size, size, kernels)),
  margin: ({ instance: { count, kind, seed, size }, kernels, value: squared }) => {
    const root = Seed.root(seed)
    const measurements = gaussianMeasurements(size, size, count, root.child("A"), kernels)
    const x = kind === "worst" ? worst(measurements) : normals(root.child("X"), size * size)
    const correlation = rankOneCorrelation(measurements, { starts: 12 })
    const distortion = Math.abs(meanSquare(measurements, x) - Vector.dot(x, x))
    // the correlation is estimated from below
    return Margin.atMost(distortion, correlation * squared(x, size, kernels), 0.02)
  },
  controls: [
    { name: "the Frobenius norm in place of the nuclear norm", value: (x) => Vector.dot(x, x) },
  ],
})

const cones = Draw.record({
  size: Draw.integer(3, 9),
  rank: Draw.integer(1, 2),
  offset: Draw.logarithmic(1e-2, 10),
  seed: Draw.seed(),
})
type Cone = Draw.Drawn<typeof cones>

/** `R = X - M*` in its parts inside and outside of the tangent space of M*, and the tail of the outer part. */
const cone = (
  { offset, rank, seed, size }: Cone,
  tailRank: number,
  { kernels }: Given,
): Margin.Comparison => {
  const root = Seed.root(seed)
  const n = size
  const truth = lowRank(n, n, rank, root.child("M"), kernels)
  const r = normals(root.child("R"), n * n, offset / n)
  const x = truth.slice()
  Vector.axpy(1, r, x)
  const { left, right } = Svd.decompose(truth, n, n, kernels)
  const without = (vectors: Float64Array): Float64Array => {
    const p = Matrix.identity(n)
    for (let k = 0; k < rank; k++) {
      const v = vectors.subarray(k * n, (k + 1) * n)
      for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) p[i * n + j]! -= v[i]! * v[j]!
    }
    return p
  }
  const outer = Matrix.sandwich(without(left), r, without(right), n, n, kernels)
  const inner = r.slice()
  Vector.axpy(-1, outer, inner)
  const norm = Matrix.nuclearNorm(truth, n, n, kernels)
  const excess = Matrix.nuclearNorm(x, n, n, kernels) - norm
  const values = Svd.singularValues(outer, n, n, kernels)
  const blocks = Math.ceil(n / tailRank)
  let tail = 0
  for (let k = 1; k < blocks; k++)
    tail += Vector.norm(values.slice(k * tailRank, (k + 1) * tailRank))
  const q = Math.sqrt(2 / 3)
  return Margin.all(
    Margin.atMost(total(values), Matrix.nuclearNorm(inner, n, n, kernels) + excess, 1e-10),
    Margin.atMost(tail, q * Vector.norm(inner) + excess / Math.sqrt(3 * rank), 1e-10),
  )
}

export const errorCone = claim({
  id: "matrix-factorization/error-cone",
  statement:
    "For X with |X|_* = (1 + eps) |M*|_* the part of X - M* outside of the tangent space of M* has a nuclear norm of at most the rest's plus eps |M*|_*, and in blocks of rank 3r a tail of at most sqrt(2/3) of the rest plus eps |M*|_* / sqrt(3r).",
  inFloatingPoint: "spectrum",
  source: derived("the step behind the rank-r bound (Recht, Fazel, Parrilo 2010)"),
  instances: cones,
  margin: ({ instance, kernels }) => cone(instance, 3 * instance.rank, { kernels }),
  controls: [
    {
      name: "blocks of rank 1",
      margin: ({ instance, kernels }) => cone({ ...instance, size: 9 }, 1, { kernels }),
    },
  ],
})
