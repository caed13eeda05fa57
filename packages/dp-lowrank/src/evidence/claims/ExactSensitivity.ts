/** Effect of a row on the integer sums that are released. */
import { claim, Draw, type Given, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Orthogonal from "@nonconvex/numerics/Orthogonal"
import * as Vector from "@nonconvex/numerics/Vector"
import * as Mechanism from "../../noise/GaussianMechanism.ts"
import * as Public from "../../privacy/Public.ts"
import * as Clipping from "../../release/Clipping.ts"
import * as GridPlan from "../../release/GridPlan.ts"
import { PrivateScatter, reveal, type Revealed, rounded } from "../../release/PrivateScatter.ts"
import * as Sensitivity from "../../theory/Sensitivity.ts"
import { derived } from "../support/Paper.ts"
import * as Rational from "../support/Rational.ts"
import { normalsOf, streamOf } from "../support/Structures.ts"

/**
 * The bound is (2 half + 1) 2^exponent: the grid of the sum does not divide its square. The rows that differ are `excess` times as long,
 * in random directions or along axes.
 */
const neighbouring = (isHaar = Draw.oneOf(true, false)) =>
  Draw.record({
    dimension: Draw.integer(2, 6),
    neighbours: Draw.oneOf("replace", "add-remove"),
    half: Draw.integer(2 ** 18, 2 ** 19 - 1),
    exponent: Draw.integer(-60, 60),
    excess: Draw.oneOf(1, 1.5, 1e200, 0.5),
    isHaar,
    others: Draw.integer(1, 5),
    epsilon: Draw.logarithmic(1, 1e-7),
    seed: Draw.seed(),
  })

type Neighbouring = Draw.Drawn<ReturnType<typeof neighbouring>>

const boundOf = ({ exponent, half }: Neighbouring) =>
  Public.bound((2 * half + 1) * Elementary.powerOfTwo(exponent))

/** Two neighbours that share all rows but one, or one of which lacks a row; the differing rows are orthogonal. */
const pairOf = (instance: Neighbouring): readonly [Float64Array, Float64Array] => {
  const { dimension: d, excess, isHaar, neighbours, others, seed } = instance
  const bound = boundOf(instance)
  const shared = normalsOf(seed, "shared", others * d)
  const q = Orthogonal.haar(d, streamOf(seed, "rows"))
  const row = (k: number) =>
    Array.from({ length: d }, (_, i) => excess * bound * (isHaar ? q[k * d + i]! : i === k ? 1 : 0))
  const rest = Array.from(shared, (x) => bound * x)
  return [
    Float64Array.from([...rest, ...row(0)]),
    Float64Array.from(neighbours === "replace" ? [...rest, ...row(1)] : rest),
  ]
}

/** The entries of a sum in steps of its grid, and that grid. */
type Sum = (rows: Float64Array, instance: Neighbouring, given: Given) => Revealed

const exactSum: Sum = (rows, instance, { kernels }) => {
  const { dimension } = instance
  const scatter = PrivateScatter.make({ dimension, bound: boundOf(instance), kernels })
  scatter.add(rows)
  return reveal(scatter)
}

/** Rows that are clipped in floating point and rounded to nearest, even out of the ball. */
const nearestSum: Sum = (rows, instance) => {
  const { dimension: d } = instance
  const { bound, exponent } = Clipping.rowGrid(boundOf(instance))
  const entries = Array.from({ length: d * d }, () => 0n)
  for (let from = 0; from < rows.length; from += d) {
    const row = rows.subarray(from, from + d)
    const norm = Vector.norm(row)
    const steps = Array.from(row, (x) =>
      BigInt(Math.round((norm > bound ? (x / norm) * bound : x) / Elementary.powerOfTwo(exponent))),
    )
    for (let at = 0; at < d * d; at++) entries[at]! += steps[Math.floor(at / d)]! * steps[at % d]!
  }
  return {
    rows: rows.length / d,
    clipped: 0,
    exponent: 2 * exponent,
    high: Float64Array.from(entries, (x) => Number(x >> 30n)),
    low: Float64Array.from(entries, (x) => Number(x & ((1n << 30n) - 1n))),
  }
}

const paid = ({ sensitivity }: GridPlan.GridPlan): number => sensitivity

export const exactSensitivity = claim({
  id: "dp-lowrank/exact-sensitivity",
  statement:
    "In rational arithmetic, the clipped and rounded integer sums of neighbours are at most sqrt 2 R^2 apart if a row is replaced and R^2 if one is added. On the grid of the release they are at most as far apart as the privacy cost covers.",
  inFloatingPoint: "bits",
  source: derived("sensitivity of sums in exact arithmetic"),
  instances: neighbouring(),
  value: [exactSum, paid],
  /**
   * Compares the distance of neighbours with the sensitivity and, on the grid of the release, with the sensitivity that is
   * paid for.
   */
  margin: ({ instance, kernels, value: [sum, paidOf] }) => {
    const { dimension, epsilon, neighbours } = instance
    const bound = boundOf(instance)
    const [first, second] = pairOf(instance).map((rows) => sum(rows, instance, { kernels }))
    const apart = (entry: (of: Revealed, at: number) => bigint) =>
      Array.from(
        { length: dimension * dimension },
        (_, at) => entry(second!, at) - entry(first!, at),
      )
        .map((x) => x * x)
        .reduce((total, square) => total + square, 0n)
    const exact = apart(({ high, low }, at) => BigInt(high[at]!) * 2n ** 30n + BigInt(low[at]!))
    const allowed = (neighbours === "replace" ? 2n : 1n) * Rational.magnitude(bound) ** 4n
    const mechanism = Mechanism.isotropic({ epsilon, delta: 1e-9, neighbours, bound })
    const plan = GridPlan.make(mechanism, dimension)
    const onGrid = apart((of, at) => BigInt(rounded(of, at, plan.exponent)))
    const step = Rational.magnitude(Elementary.powerOfTwo(first!.exponent)) * Rational.unit
    const released = onGrid * Rational.magnitude(Elementary.powerOfTwo(plan.exponent)) ** 2n
    return Margin.all(
      Margin.holds(exact * step ** 2n <= allowed),
      Margin.holds(released <= Rational.magnitude(paidOf(plan)) ** 2n),
    )
  },
  controls: [
    { name: "rows rounded to nearest, even outside the ball", value: [nearestSum, paid] },
    {
      name: "a grid that costs no sensitivity",
      value: [
        exactSum,
        ({ mechanism: { bound, neighbours } }) =>
          Sensitivity.frobeniusSensitivity(neighbours, bound),
      ],
      instances: neighbouring(Draw.oneOf(false)),
    },
  ],
})
