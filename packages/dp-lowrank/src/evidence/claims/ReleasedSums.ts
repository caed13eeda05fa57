/** C1 and S1 on the path that ships: what a row changes in the integer sums, and the noise that a release adds to them. */
import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as Orthogonal from "@nonconvex/numerics/Orthogonal"
import * as Vector from "@nonconvex/numerics/Vector"
import * as Clipping from "../../release/Clipping.ts"
import * as GridPlan from "../../release/GridPlan.ts"
import * as Mechanism from "../../noise/Mechanism.ts"
import { Permit } from "../../release/Permit.ts"
import type { Neighbours } from "../../privacy/Target.ts"
import { PrivateScatter, type Revealed, reveal, rounded } from "../../release/PrivateScatter.ts"
import * as Public from "../../privacy/Public.ts"
import { release } from "../../release/Release.ts"
import * as Theory from "../../theory/index.ts"
import { derived } from "../support/Paper.ts"
import * as Rational from "../support/Rational.ts"
import { streamOf, wordsOf } from "../support/Structures.ts"

interface Neighbouring {
  readonly dimension: number
  readonly neighbours: Neighbours
  /** The bound is (2 half + 1) 2^exponent: the grid of the sum does not divide its square. */
  readonly half: number
  readonly exponent: number
  /** How much longer than the bound the rows that differ are. */
  readonly excess: number
  /** Whether they lie in random directions, or along axes. */
  readonly isHaar: boolean
  readonly others: number
  readonly epsilon: number
  readonly seed: number
}

const neighbouring = (isHaar = Draw.oneOf(true, false)) =>
  Draw.record<Neighbouring>({
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

const boundOf = ({ exponent, half }: Neighbouring) => Public.bound((2 * half + 1) * 2 ** exponent)

/** Two neighbours that share all rows but one, or have all but one; the rows that differ are orthogonal. */
const pairOf = (instance: Neighbouring): readonly [Float64Array, Float64Array] => {
  const { dimension: d, excess, isHaar, neighbours, others, seed } = instance
  const bound = boundOf(instance)
  const shared = new Float64Array(others * d)
  streamOf(seed, "shared").fillNormal(shared)
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
type Sum = (rows: Float64Array, instance: Neighbouring) => Revealed

const exactSum: Sum = (rows, instance) => {
  const { dimension } = instance
  const scatter = PrivateScatter.make({ dimension, bound: boundOf(instance) })
  scatter.add(rows)
  return reveal(scatter)
}

/** Rows that are clipped in floating point, and rounded to nearest wherever that is. */
const nearestSum: Sum = (rows, instance) => {
  const { dimension: d } = instance
  const { bound, exponent } = Clipping.rowGrid(boundOf(instance))
  const entries = Array.from({ length: d * d }, () => 0n)
  for (let from = 0; from < rows.length; from += d) {
    const row = rows.subarray(from, from + d)
    const norm = Vector.norm(row)
    const steps = Array.from(row, (x) =>
      BigInt(Math.round((norm > bound ? (x / norm) * bound : x) / 2 ** exponent)),
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

const squareOf = (differences: ReadonlyArray<bigint>): bigint =>
  differences.reduce((sum, x) => sum + x * x, 0n)

/** The distance of neighbours against the sensitivity, and on the grid of the release against what is paid for. */
const sensitivityMargin = (
  instance: Neighbouring,
  sum: Sum,
  paidOf: (plan: GridPlan.GridPlan) => number,
): number => {
  const { dimension, epsilon, neighbours } = instance
  const bound = boundOf(instance)
  const [first, second] = pairOf(instance).map((rows) => sum(rows, instance))
  const differencesOf = (entry: (sum: Revealed, at: number) => bigint) =>
    Array.from({ length: dimension ** 2 }, (_, at) => entry(second!, at) - entry(first!, at))
  const exact = squareOf(
    differencesOf(({ high, low }, at) => BigInt(high[at]!) * 2n ** 30n + BigInt(low[at]!)),
  )
  const allowed = (neighbours === "replace" ? 2n : 1n) * Rational.of(bound) ** 4n
  const plan = GridPlan.make(
    Mechanism.isotropic({ epsilon, delta: 1e-9, neighbours, bound }),
    dimension,
  )
  const onGrid = squareOf(differencesOf((of, at) => BigInt(rounded(of, at, plan.exponent))))
  return Margin.all(
    Margin.holds(exact * (Rational.of(2 ** first!.exponent) * Rational.unit) ** 2n <= allowed),
    Margin.holds(onGrid * Rational.of(2 ** plan.exponent) ** 2n <= Rational.of(paidOf(plan)) ** 2n),
  )
}

const paid = ({ sensitivity }: GridPlan.GridPlan): number => sensitivity

export const sensitivity = claim<Neighbouring>({
  id: "dp-lowrank/exact-sensitivity",
  statement:
    "The integer sums of neighbours, clipped and rounded, are at most sqrt 2 R^2 apart where a row is replaced and R^2 where one is added, in rational arithmetic; on the grid of the release, at most what is paid for.",
  source: derived("sensitivity of sums in exact arithmetic"),
  instances: neighbouring(),
  margin: (instance) => sensitivityMargin(instance, exactSum, paid),
  controls: [
    {
      name: "rows rounded to nearest, also out of the ball",
      instances: neighbouring(),
      margin: (instance) => sensitivityMargin(instance, nearestSum, paid),
    },
    {
      name: "a grid that costs no sensitivity",
      instances: neighbouring(Draw.oneOf(false)),
      margin: (instance) =>
        sensitivityMargin(instance, exactSum, ({ mechanism: { bound, neighbours } }) =>
          Theory.frobeniusSensitivity(neighbours, bound),
        ),
    },
  ],
})

interface Released {
  readonly mechanism: "isotropic" | "upper-triangle" | "complex-as-printed"
  readonly neighbours: Neighbours
  readonly dimension: number
  readonly bound: number
  readonly epsilon: number
  readonly rows: number
  readonly seed: number
}

const releases = (mechanism = Draw.oneOf("isotropic", "upper-triangle", "complex-as-printed")) =>
  Draw.record<Released>({
    mechanism,
    neighbours: Draw.oneOf("replace", "add-remove"),
    dimension: Draw.integer(2, 6),
    bound: Draw.logarithmic(1, 1e-3),
    epsilon: Draw.logarithmic(1, 20),
    rows: Draw.integer(0, 20),
    seed: Draw.seed(),
  })

/** Mean and mean square of some numbers, whose deviation should be 1; thresholds as in NoiseLaws.ts. */
const standardMargin = (values: ReadonlyArray<number>): number => {
  const n = values.length
  let [sum, squares] = [0, 0]
  for (const x of values) {
    sum += x
    squares += x * x
  }
  return Margin.all(
    Margin.equal(sum / n, 0, { absolute: 6.5 / Math.sqrt(n) }),
    Margin.equal(squares / n, 1, { absolute: 6.5 * Math.sqrt(2 / n) }),
  )
}

/** A thousand entries of the diagonal and more off it, less the sum, in units of what the mechanism was asked for. */
const noiseMargin = (
  instance: Released,
  change: (plan: GridPlan.GridPlan) => GridPlan.GridPlan,
): number => {
  const { dimension: d, epsilon, neighbours, rows, seed } = instance
  const bound = Public.bound(instance.bound)
  const mechanism = Mechanism.byName[instance.mechanism]({
    epsilon,
    delta: 1e-6,
    neighbours,
    bound,
  })
  const plan = GridPlan.make(mechanism, d)
  const scatter = PrivateScatter.make({ dimension: d, bound })
  const values = new Float64Array(rows * d)
  streamOf(seed, "rows").fillNormal(values)
  scatter.add(values)
  const sum = reveal(scatter)
  const source = wordsOf(seed)
  const [diagonal, off]: [Array<number>, Array<number>] = [[], []]
  while (diagonal.length < 1000) {
    const { grid, matrix } = release(scatter, Permit.withoutLedger(change(plan)), source)
    for (let i = 0; i < d; i++) {
      for (let j = i; j < d; j++) {
        const at = i * d + j
        const noise = matrix[at]! - rounded(sum, at, plan.exponent) * grid
        if (i === j) diagonal.push(noise / Mechanism.diagonalScale(mechanism))
        else off.push(noise / Mechanism.offDiagonalScale(mechanism))
      }
    }
  }
  return Margin.all(standardMargin(diagonal), standardMargin(off))
}

export const noise = claim<Released>({
  id: "dp-lowrank/noise-of-releases",
  statement:
    "A release less the sum on its grid has mean 0 and variance s^2 on the diagonal; off it, s^2 / 2 in isometric coordinates and s^2 in those of the upper triangle.",
  source: derived("isotropic noise in integers"),
  instances: releases(),
  margin: (instance) => noiseMargin(instance, (plan) => plan),
  controls: [
    {
      name: "the steps of diagonal and off-diagonal exchanged",
      instances: releases(Draw.oneOf("isotropic")),
      margin: (instance) =>
        noiseMargin(instance, (plan) => ({
          ...plan,
          diagonalSteps: plan.offDiagonalSteps,
          offDiagonalSteps: plan.diagonalSteps,
        })),
    },
  ],
})
