/** What holds between the layers where they are flattest: equal sharpness (D14), and the balance of two (M13). */
import { claim, Draw, law, Margin } from "@nonconvex/evidence"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Factorisation from "../../factorisation/Factorisation.ts"
import { balanced, flattestTwoLayers } from "../../flatness/Flattest.ts"
import * as Matrix from "../../internal/Matrix.ts"
import { measure, type Measurements } from "../../measurements/Measurements.ts"
import { sharpness } from "../../flatness/Sharpness.ts"
import { moments } from "../../flatness/TraceNorm.ts"
import { searchFlattest } from "../support/FlattestSearch.ts"
import { distance, gaussianMeasurements, lowRank, normals, spread } from "../support/Instances.ts"
import { derived } from "../support/Paper.ts"
import type { Subject } from "../support/Subject.ts"

interface Sensing {
  readonly size: number
  readonly rank: number
  readonly depth: number
  /** Measurements, at least a row of entries fewer than entries: where they nearly fix the matrix the search too often does not settle. */
  readonly count: number
  readonly seed: number
}

const sensing = Draw.record<Sensing>({
  size: Draw.integer(2, 4),
  rank: Draw.integer(1, 2),
  depth: Draw.integer(3, 4),
  count: Draw.integer(3, 12),
  seed: Draw.seed(),
})

const find = ({ count, depth, rank, seed, size }: Sensing) => {
  const open = Math.min(count, size * size - size)
  return searchFlattest(
    (own) => {
      const measurements = gaussianMeasurements(size, size, open, own.child("A"))
      return {
        measurements,
        targets: measure(measurements, lowRank(size, size, rank, own.child("M"))),
      }
    },
    depth,
    Seed.root(seed),
  )
}

export const equalLayers = claim<Sensing>({
  id: "matrix-factorization/equal-layers-at-the-flattest",
  statement: "At a flattest interpolant in three or four layers all T_j are equal.",
  source: derived("first-order condition (M13)"),
  instances: sensing,
  margin: (instance) => {
    const { flattest, isFound } = find(instance)
    return Margin.all(isFound, Margin.atMost(spread(flattest.layers), 1e-4))
  },
  controls: [
    {
      name: "the balanced layers of the same matrix",
      instances: sensing,
      margin: (instance) => {
        const { flattest, measurements } = find(instance)
        const { matrix, shape } = flattest
        return Margin.atMost(
          spread(sharpness(measurements, shape).layers(balanced(shape, matrix))),
          1e-4,
        )
      },
    },
  ],
})

interface TwoLayers {
  readonly rows: number
  readonly columns: number
  readonly spare: number
  readonly count: number
  readonly seed: number
}

/** More measurements than rows or columns: every direction is seen. */
const twoLayers = Draw.record<TwoLayers>({
  rows: Draw.integer(1, 5),
  columns: Draw.integer(1, 5),
  spare: Draw.integer(0, 3),
  count: Draw.integer(6, 24),
  seed: Draw.seed(),
})

const expandTwo = ({ columns, rows, seed, spare }: TwoLayers) => {
  const shape = Factorisation.shape([columns, Math.min(rows, columns) + spare, rows])
  const m = normals(Seed.root(seed).child("M"), rows * columns)
  return { shape, m }
}

/** How far `W_2' B_1 W_2` is from `W_1 B_2 W_1'`, relative to both. */
const imbalance = (
  shape: Factorisation.Shape,
  x: Float64Array,
  left: Float64Array,
  right: Float64Array,
): number => {
  const { columns, rows } = shape
  const width = shape.widths[1]!
  const [w1, w2] = Factorisation.layers(shape, x)
  const outer = Matrix.multiply(left, w2!, rows, rows, width)
  const inner = Matrix.multiply(w1!, right, width, columns, columns)
  return distance(
    Matrix.multiply(Matrix.transpose(w2!, rows, width), outer, width, rows, width),
    Matrix.multiply(inner, Matrix.transpose(w1!, width, columns), width, columns, width),
  )
}

/** Of an isotropic design: the moments are `d_0 I` and `d_L I`. */
const evenImbalance = (shape: Factorisation.Shape, x: Float64Array): number =>
  imbalance(
    shape,
    x,
    Matrix.identity(shape.rows, shape.columns),
    Matrix.identity(shape.columns, shape.rows),
  )

export const isotropicBalance = law<Subject, TwoLayers>({
  id: "matrix-factorization/isotropic-balance",
  statement:
    "In two layers the flattest ones for an isotropic design have d_0 W_2' W_2 = d_L W_1 W_1'.",
  source: derived("balance at the optimum (M13)"),
  instances: twoLayers,
  margin: (subject, instance) => {
    const { m, shape } = expandTwo(instance)
    return Margin.atMost(evenImbalance(shape, subject.flattest(shape.widths, m)), 1e-11)
  },
  controls: [
    {
      name: "the balance that gradient flow conserves, W_2' W_2 = W_1 W_1'",
      subject: (subject) => ({
        ...subject,
        flattest: (widths, m) => balanced(Factorisation.shape(widths), m),
      }),
    },
  ],
})

const weightedBalance = (
  instance: TwoLayers,
  layers: (measurements: Measurements, shape: Factorisation.Shape, m: Float64Array) => Float64Array,
): number => {
  const { m, shape } = expandTwo(instance)
  const { columns, count, rows, seed } = instance
  const measurements = gaussianMeasurements(rows, columns, count, Seed.root(seed).child("A"))
  const { left, right } = moments(measurements)
  return Margin.atMost(imbalance(shape, layers(measurements, shape, m), left, right), 1e-9)
}

export const weightedLayers = claim<TwoLayers>({
  id: "matrix-factorization/weighted-balance",
  statement:
    "In two layers the flattest ones for any measurements that see every direction have W_2' B_1 W_2 = W_1 B_2 W_1'.",
  source: derived("balance at the optimum, for any measurements (M13, M4)"),
  instances: twoLayers,
  margin: (instance) => weightedBalance(instance, flattestTwoLayers),
  controls: [
    {
      name: "layers that are balanced without weights",
      instances: twoLayers,
      margin: (instance) => weightedBalance(instance, (_, shape, m) => balanced(shape, m)),
    },
  ],
})
