import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import type * as Kernels from "@nonconvex/numerics/Kernels"
import * as Seed from "@nonconvex/numerics/Seed"
import * as SymmetricEigen from "@nonconvex/numerics/SymmetricEigen"
import * as Vector from "@nonconvex/numerics/Vector"
import * as Matrix from "../../internal/Matrix.ts"
import { meanSquare, rankOneCorrelation } from "../../measurements/RestrictedIsometry.ts"
import { gaussianMeasurements, normals } from "../support/Instances.ts"
import { derived } from "../support/Paper.ts"
import { type Measurements } from "../../measurements/Measurements.ts"

/** Unit matrix for which `(1/n) sum <A_i, X>^2` is farthest from 1. */
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
    "|(1/n) sum <A_i, X>^2 - |X|_F^2| <= delta |X|_*^2 for every X, where delta is the largest correlation of two unit matrices of rank one.",
  inFloatingPoint: "spectrum",
  source: derived("bilinear bound"),
  instances: Draw.record({
    size: Draw.integer(2, 5),
    count: Draw.integer(4, 60),
    /** Choice of X: the matrix that the measurements distort most, or a random one. */
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
