/** The variance of trace probes, by all sign vectors and by formulas, in exact arithmetic. */
import { Exact } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Vector from "@nonconvex/numerics/Vector"
import type * as Theory from "../../theory/Theory.ts"
import { traceOf } from "./Matrices.ts"

type Values = ReadonlyArray<Exact.Value>

/** A variance from |H|^2, the sum of squares of the diagonal, the trace and the dimension. */
type Formula = (
  square: Exact.Value,
  diagonal: Exact.Value,
  trace: Exact.Value,
  n: number,
) => Exact.Value

const two = Exact.of(2)

/** `Theory.probeVariance` in an independent implementation. */
export const exactVariances: Readonly<Record<"gaussian" | "rademacher" | "sphere", Formula>> = {
  rademacher: (square, diagonal) => Exact.multiply(two, Exact.subtract(square, diagonal)),
  gaussian: (square) => Exact.multiply(two, square),
  sphere: (square, _diagonal, trace, n) => {
    const spread = Exact.subtract(Exact.multiply(Exact.of(n), square), Exact.square(trace))
    return Exact.divide(Exact.multiply(two, spread), Exact.of(n + 2))
  },
}

/** Mean and variance of z' H z over all sign vectors. */
const enumerated = (h: Values, n: number) => {
  const count = Elementary.powerOfTwo(n)
  const values = Array.from({ length: count }, (_, corner) => {
    const sign = (i: number) => (corner >> i) & 1
    const terms = h.map((entry, at) =>
      sign(Math.floor(at / n)) === sign(at % n) ? entry : Exact.negate(entry),
    )
    return Exact.sum(...terms)
  })
  const meanOf = (all: Values) => Exact.divide(Exact.sum(...all), Exact.of(count))
  const mean = meanOf(values)
  return {
    mean,
    variance: meanOf(values.map((value) => Exact.square(Exact.subtract(value, mean)))),
  }
}

/** Compares mean and variance over all sign vectors with the trace and a formula. */
export const exactVariance = (
  matrix: Float64Array,
  n: number,
  formula: Formula,
): Exact.Compared => {
  const h = Array.from(matrix, Exact.of)
  const diagonal = h.filter((_entry, at) => at % (n + 1) === 0)
  const trace = Exact.sum(...diagonal)
  const { mean, variance } = enumerated(h, n)
  const squares = (values: Values) => Exact.sum(...values.map(Exact.square))
  return Exact.worst(
    Exact.equal(mean, trace),
    Exact.equal(variance, formula(squares(h), squares(diagonal), trace, n)),
  )
}

/** z' H z. */
const quadraticForm = (h: Values, z: Values): Exact.Value =>
  Exact.dot(
    z,
    z.map((_entry, i) => Exact.dot(h.slice(i * z.length, (i + 1) * z.length), z)),
  )

/** Compares variances by formulas with those over all sign vectors and over points of the unit sphere, up to rounding. */
export const exactProbes = (
  matrix: Float64Array,
  n: number,
  points: ReadonlyArray<Float64Array>,
  variance: typeof Theory.probeVariance,
): Exact.Compared => {
  const h = Array.from(matrix, Exact.of)
  const squares = (values: Values) => Exact.sum(...values.map(Exact.square))
  const fourth = Exact.divide(
    squares(points.map((point) => quadraticForm(h, Exact.vector(point)))),
    Exact.of(points.length),
  )
  const diagonal = matrix.filter((_entry, at) => at % (n + 1) === 0)
  const mean = Exact.square(Exact.sum(...Array.from(diagonal, Exact.of)))
  const from = (times: number) => Exact.subtract(Exact.multiply(Exact.of(times), fourth), mean)
  const square = Vector.dot(matrix, matrix)
  const tolerance = { absolute: 1e-12 * n * n * square }
  const near = (found: number, expected: Exact.Value) =>
    Exact.near(Exact.computed(found), expected, tolerance)
  return Exact.worst(
    near(variance.rademacher(square, Vector.dot(diagonal, diagonal)), enumerated(h, n).variance),
    near(variance.gaussian(square), from(n * (n + 2))),
    near(variance.sphere(square, traceOf(matrix, n), n), from(n * n)),
  )
}
