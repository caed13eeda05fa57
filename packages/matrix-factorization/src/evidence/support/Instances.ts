/** Random factorisations and measurements, drawn as widths, counts and a seed. */
import * as Elementary from "@nonconvex/numerics/Elementary"
import type * as Kernels from "@nonconvex/numerics/Kernels"
import { Draw } from "@nonconvex/evidence"
import * as Orthogonal from "@nonconvex/numerics/Orthogonal"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Seed from "@nonconvex/numerics/Seed"
import { deepFactorisation, dense, measure } from "../../index.ts"
import * as Factorisation from "../../factorisation/Factorisation.ts"
import * as Theory from "../../theory/Theory.ts"
import * as Matrix from "../../internal/Matrix.ts"
import type { Subject } from "./Subject.ts"
import { type Measurements } from "../../measurements/Measurements.ts"

/** Depths 2 to 5, widths 1 to 5: everything that a transposed or forgotten factor would show in. */
export const instances = (most = 8) =>
  Draw.record({
    /** d_0, ..., d_L. */
    widths: Draw.list(Draw.integer(1, 5), 3, 6),
    /** Measurements. */
    count: Draw.integer(1, most),
    /** Scale of the layers: their entries are normals of this deviation. */
    scale: Draw.logarithmic(1, 2.5),
    seed: Draw.seed(),
  })
export type Instance = Draw.Drawn<ReturnType<typeof instances>>

export const normals = (seed: Seed.Seed, length: number, scale = 1): Float64Array => {
  const out = RandomStream.make(seed).normals(length)
  return scale === 1 ? out : out.map((z) => scale * z)
}

/** Gaussian measurements of rows x columns matrices. */
export const gaussianMeasurements = (
  rows: number,
  columns: number,
  count: number,
  seed: Seed.Seed,
  kernels: Kernels.Kernels,
): Measurements =>
  dense({ rows, columns, matrices: normals(seed, count * rows * columns), kernels })

/** A rows x columns product of Gaussian factors, with Frobenius norm about 1. */
export const lowRank = (
  rows: number,
  columns: number,
  rank: number,
  seed: Seed.Seed,
  kernels: Kernels.Kernels,
): Float64Array =>
  Matrix.multiply(
    normals(seed.child("left"), rows * rank, Elementary.pow(rows * columns * rank, -0.5)),
    normals(seed.child("right"), rank * columns),
    rows,
    rank,
    columns,
    kernels,
  )

export type Expanded = ReturnType<typeof expand>

export const expand = (
  instance: Instance,
  kernels: Kernels.Kernels,
  widths: ReadonlyArray<number> = instance.widths,
) => {
  const seed = Seed.root(instance.seed)
  const shape = Factorisation.shape(widths)
  return {
    widths,
    shape,
    measurements: gaussianMeasurements(
      shape.rows,
      shape.columns,
      instance.count,
      seed.child("A"),
      kernels,
    ),
    targets: normals(seed.child("b"), instance.count),
    x: normals(seed.child("W"), shape.dimension, 0.6 * instance.scale),
    seed,
  }
}

export const objectiveOf = (subject: Subject, instance: Instance, kernels: Kernels.Kernels) => {
  const { measurements, targets, widths, x } = expand(instance, kernels)
  return { objective: subject.objective(measurements, targets, widths), measurements, widths, x }
}

/** A point that fits its labels exactly. */
export const fitted = (instance: Instance, kernels: Kernels.Kernels) => {
  const { measurements, shape, x } = expand(instance, kernels)
  const targets = measure(measurements, Factorisation.endToEnd(shape, x, kernels))
  const objective = deepFactorisation({ measurements, targets, widths: shape.widths })
  return { measurements, shape, objective, x }
}

/** The widths with hidden ones of at least the rank that the product can have. */
export const wideEnough = (widths: ReadonlyArray<number>): ReadonlyArray<number> => {
  const needed = Math.min(widths[0]!, widths.at(-1)!)
  return widths.map((width, j) =>
    j > 0 && j < widths.length - 1 ? Math.max(width, needed) : width,
  )
}

/** A random orthogonal matrix, row-major. */
export const rotation = (n: number, seed: Seed.Seed): Float64Array =>
  Orthogonal.haar(n, RandomStream.make(seed))

export const total = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0)

/** Relative spread: the largest minus the smallest, divided by the smallest. */
export const spread = (values: Float64Array): number =>
  Math.max(...values) / Math.min(...values) - 1

/** The largest |a - b|, relative to the largest of both. */
export const distance = (a: Float64Array, b: Float64Array): number => {
  let difference = 0
  let size = 0
  for (let i = 0; i < a.length; i++) {
    difference = Math.max(difference, Math.abs(a[i]! - b[i]!))
    size = Math.max(size, Math.abs(a[i]!), Math.abs(b[i]!))
  }
  return size === 0 ? 0 : difference / size
}

/** The least T of layers with product M for an isotropic design. */
export const leastIsotropic = (
  shape: Factorisation.Shape,
  m: Float64Array,
  kernels: Kernels.Kernels,
): number =>
  Theory.inducedIsotropic(
    shape.depth,
    shape.rows,
    shape.columns,
    Matrix.nuclearNorm(m, shape.rows, shape.columns, kernels),
  )
