import { claim, Draw, Exact, Kind, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Theory from "../../theory/Theory.ts"
import { derived } from "../support/Paper.ts"

type Bounds = Pick<
  typeof Theory,
  "interpolantDistance" | "lowRankDistance" | "nuclearNormFactor" | "populationErrorScale"
>

const tight = { relative: 1e-10 }

/**
 * The distance of a matrix of rank r from an interpolant, by the argument of Recht, Fazel, Parrilo. The head h and the tail q h +
 * e in blocks balance at sqrt(1 - delta) h = sqrt(1 + delta) (q h + e), found by iteration.
 */
const balanced = (delta: number, excess: number): number => {
  const q = Math.sqrt(2 / 3)
  let head = 0
  for (let k = 0; k < 2000; k++) {
    head = Math.sqrt((1 + delta) / (1 - delta)) * (q * head + excess)
  }
  return head + q * head + excess
}

type Instance = Readonly<
  Record<
    "columns" | "count" | "delta" | "depth" | "factor" | "hi" | "lo" | "norm" | "rank" | "rows",
    number
  >
>

/** Compares the values of bounds with exact evaluations of their formulas. */
const exactBounds = (instance: Instance, bounds: Bounds): Exact.Compared => {
  const { columns, count, delta, depth, factor, hi, lo, norm, rank, rows } = instance
  const { add, divide, multiply, of, one, product, sqrt, square, subtract } = Exact
  const near = (found: number, expected: Exact.Value, tolerance: Exact.Tolerance = tight) =>
    Exact.near(Exact.computed(found), expected, tolerance)
  const says = (statement: boolean) => Exact.equal(statement ? one : Exact.zero, one)
  const fraction = (top: number, bottom: number) => ({
    numerator: BigInt(top),
    denominator: BigInt(bottom),
  })
  const moved = multiply(of(norm), add(one, of(factor)))
  // head and tail balance where the head is `steep` times q head + excess
  const steep = sqrt(divide(add(one, of(delta)), subtract(one, of(delta))))
  const q = sqrt(of("2/3"))
  const excess = divide(multiply(subtract(of(factor), one), of(norm)), sqrt(of(3 * rank)))
  const head = divide(multiply(steep, excess), subtract(one, multiply(steep, q)))
  const { populationErrorScale: error } = bounds
  /** Tolerance of each of two compared numbers: less than half of the joint one. */
  const half = { relative: 4e-11 }
  const isError = (...[m, n, samples, size]: Parameters<typeof error>) => {
    const log = Exact.log(of(samples))
    const expected = product(divide(of(m + n), of(samples)), square(of(size)), log, log, log)
    return near(error(m, n, samples, size), expected, half)
  }
  return Exact.worst(
    Exact.near(
      Exact.power(
        Exact.computed(bounds.nuclearNormFactor(depth, lo, hi)),
        fraction(2 * (depth - 1), depth),
      ),
      divide(of(hi), of(lo)),
      tight,
    ),
    says(bounds.nuclearNormFactor(depth, 0, hi) === Number.POSITIVE_INFINITY),
    near(bounds.interpolantDistance(1, factor, norm), moved),
    near(bounds.interpolantDistance(delta, factor, norm), multiply(sqrt(of(delta)), moved)),
    near(
      bounds.lowRankDistance(delta, factor, rank, norm),
      Exact.sum(head, multiply(q, head), excess),
    ),
    ...[0.2, 0.3].map((past) =>
      says(bounds.lowRankDistance(past, factor, rank, norm) === Number.POSITIVE_INFINITY),
    ),
    says(bounds.lowRankDistance(0.199, factor, rank, norm) < Number.POSITIVE_INFINITY),
    ...[[1e6 * norm, 1e-8 * norm], [1e6 * norm]].map((values) =>
      near(
        Theory.schattenPenalty(depth + 2, Float64Array.from(values)),
        multiply(of(depth + 2), Exact.power(of(values[0]!), fraction(2, depth + 2))),
        half,
      ),
    ),
    isError(rows, columns, count, norm),
    isError(rows, columns, count * count, norm),
    isError(rows, columns, count, 2 * norm),
    isError(rows, 0, count, norm),
    isError(0, columns, count, norm),
    isError(1, 1, 8, 1),
  )
}

export const constantsOfBounds = claim<Instance, Bounds>({
  id: "matrix-factorization/constants-of-bounds",
  statement:
    "The nuclear norm factor makes lo times the isotropic sharpness of one matrix equal hi times that of another. Without measurements delta is 1, and matrices of rank one attain the distance. The low-rank distance balances head and tail up to delta = 1/5. Singular values below 1e-12 of the largest are ignored. The population error is linear in the dimensions.",
  source: Kind.identity(derived("the proofs of the bounds")),
  instances: Draw.record({
    depth: Draw.integer(2, 6),
    rows: Draw.integer(2, 9),
    columns: Draw.integer(2, 9),
    lo: Draw.linear(0.9, 0.1),
    hi: Draw.linear(1, 3),
    factor: Draw.linear(1.1, 4),
    norm: Draw.logarithmic(0.5, 20),
    delta: Draw.linear(0.01, 0.15),
    rank: Draw.integer(1, 4),
    count: Draw.integer(3, 60),
  }),
  value: Theory,
  margin: ({ instance, value: bounds }) => {
    const { columns, count, delta, depth, factor, hi, lo, norm, rank, rows } = instance
    const larger = bounds.nuclearNormFactor(depth, lo, hi) * norm
    const isotropic = (nuclear: number) => Theory.inducedIsotropic(depth, rows, columns, nuclear)
    const excess = ((factor - 1) * norm) / Math.sqrt(3 * rank)
    const scale = bounds.populationErrorScale(rows, columns, count, norm)
    const { populationErrorScale: error } = bounds
    return Margin.all(
      Margin.equal(lo * isotropic(larger), hi * isotropic(norm), tight),
      Margin.holds(bounds.nuclearNormFactor(depth, 0, hi) === Number.POSITIVE_INFINITY),
      // from M to -factor M, of one measurement that sees neither
      Margin.equal(bounds.interpolantDistance(1, factor, norm), norm + factor * norm, tight),
      Margin.equal(
        bounds.interpolantDistance(delta, factor, norm),
        Math.sqrt(delta) * bounds.interpolantDistance(1, factor, norm),
        tight,
      ),
      Margin.equal(
        bounds.lowRankDistance(delta, factor, rank, norm),
        balanced(delta, excess),
        tight,
      ),
      ...[0.2, 0.3].map((past) =>
        Margin.holds(bounds.lowRankDistance(past, factor, rank, norm) === Number.POSITIVE_INFINITY),
      ),
      Margin.holds(bounds.lowRankDistance(0.199, factor, rank, norm) < Number.POSITIVE_INFINITY),
      // what is 1e-14 of a large matrix is rounding
      Margin.equal(
        Theory.schattenPenalty(depth + 2, Float64Array.of(1e6 * norm, 1e-8 * norm)),
        Theory.schattenPenalty(depth + 2, Float64Array.of(1e6 * norm)),
        tight,
      ),
      Margin.equal(error(rows, columns, count * count, norm) * count, 8 * scale, tight),
      Margin.equal(error(rows, columns, count, 2 * norm), 4 * scale, tight),
      Margin.equal(error(rows, 0, count, norm) + error(0, columns, count, norm), scale, tight),
      // log^3 n / n at n = 8, in which log 2 stands three times
      Margin.equal(error(1, 1, 8, 1), (2 / 8) * 27 * Elementary.pow(Elementary.log(2), 3), tight),
    )
  },
  exactly: ({ instance, value: bounds }) => exactBounds(instance, bounds),
  controls: [
    {
      name: "the factor of (hi / lo) without its power",
      value: { ...Theory, nuclearNormFactor: (_, lo, hi) => hi / lo },
    },
    {
      name: "blocks of rank r",
      value: {
        ...Theory,
        lowRankDistance: (delta, factor, rank, norm) =>
          Theory.lowRankDistance(delta, factor, rank / 3, norm),
      },
    },
  ],
})
