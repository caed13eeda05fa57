/** A second accountant: values of Google's dp-accounting (golden/dp-accounting.py) against ours, and against ours with a wrong factor. */
import { readFileSync } from "node:fs"
import { Schema } from "effect"
import { assert, describe, it } from "vitest"
import * as LedgerRecord from "../../src/ledger/LedgerRecord.ts"
import * as ConcentratedTail from "../../src/privacy/ConcentratedTail.ts"
import * as GaussianPrivacy from "../../src/privacy/GaussianPrivacy.ts"
import { rhoOfGaussian } from "../../src/privacy/RhoOfGaussian.ts"
import * as ZeroConcentrated from "../../src/privacy/ZeroConcentrated.ts"

const row = { count: Schema.Int, epsilon: Schema.Number, delta: Schema.Number }

/** Mechanisms at sensitivity 1. */
const Row = Schema.Union([
  Schema.Struct({
    family: Schema.Literals(["gaussian", "discrete gaussian"]),
    deviation: Schema.Number,
    ...row,
  }),
  Schema.Struct({ family: Schema.Literal("laplace"), scale: Schema.Number, ...row }),
  Schema.Struct({ family: Schema.Literal("discrete laplace"), parameter: Schema.Number, ...row }),
  Schema.Struct({
    family: Schema.Literal("randomised response"),
    first: Schema.Number,
    second: Schema.Number,
    ...row,
  }),
])
type Row = typeof Row.Type

const { source, values } = Schema.decodeUnknownSync(
  Schema.fromJsonString(Schema.Struct({ source: Schema.String, values: Schema.Array(Row) })),
)(readFileSync(new URL("../golden/dp-accounting.json", import.meta.url), "utf8"))

const of = <Family extends Row["family"]>(...families: ReadonlyArray<Family>) =>
  values.filter((value): value is Extract<Row, { readonly family: Family }> =>
    families.some((family) => family === value.family),
  )

/** Delta below which the second accountant has rounding errors alone. */
const rounding = 1e-12

/** Its relative error from rounding losses up to intervals, which grows with the number of compositions. */
const errorOf = (count: number): number => (count === 1 ? 1e-12 : count === 8 ? 1e-6 : 2e-5)

const failures = (agrees: (value: Row) => boolean, rows: ReadonlyArray<Row>): number =>
  rows.filter((value) => !agrees(value)).length

/** Whether the delta of Gaussian noise is that of the second accountant, which rounds towards a larger one. */
const gaussianAgrees = (compose: typeof GaussianPrivacy.compose) => (value: Row) => {
  if (value.family !== "gaussian") return false
  const { count, delta, deviation, epsilon } = value
  const mu = compose(Array.from({ length: count }, () => 1 / deviation))
  const ours = GaussianPrivacy.delta(mu, epsilon)
  const most = ours * (1 + errorOf(count)) + 1e-20
  return delta <= most && delta >= ours * (1 - 1e-12)
}

/** Whether the delta of zero-concentrated privacy is at least that of the second accountant, and at most seven times as large. */
const concentratedAgrees = (rhoOf: typeof rhoOfGaussian) => (value: Row) => {
  if (value.family !== "discrete gaussian") return false
  const { count, delta, deviation, epsilon } = value
  const rho = ZeroConcentrated.compose(Array.from({ length: count }, () => rhoOf(1, deviation)))
  const ours = Math.exp(ConcentratedTail.logDelta(rho, epsilon))
  return delta <= ours + 1e-20 && ours <= 7 * delta
}

/** epsilon of one release of a mechanism without a delta. */
const pureEpsilonOf = (value: Row): number | undefined => {
  switch (value.family) {
    case "laplace":
      return 1 / value.scale
    case "discrete laplace":
      return value.parameter
    case "randomised response":
      return value.second === 0 ? value.first : undefined
    default:
      return undefined
  }
}

/** Whether a budget without a delta pays exactly where the second accountant has no delta. */
const pureAgrees = (entries: (epsilon: number, count: number) => ReadonlyArray<number>) => {
  const spendsOf = (epsilon: number, count: number) =>
    entries(epsilon, count).map((part) => ({ kind: "pure", epsilon: part }) as const)
  return (value: Row): boolean => {
    const spends = spendsOf(pureEpsilonOf(value)!, value.count)
    const isPaid = LedgerRecord.fits(spends, { epsilon: value.epsilon, delta: 0 })
    return isPaid === value.delta < rounding
  }
}

const repeated = (epsilon: number, count: number) => Array.from({ length: count }, () => epsilon)

describe("dp-accounting", () => {
  const pure = values.filter((value) => pureEpsilonOf(value) !== undefined)

  it("published 138 values", () => {
    assert.match(source, /^dp-accounting 0\.6\.0/)
    assert.lengthOf(values, 138)
    assert.deepStrictEqual(
      [of("gaussian").length, of("discrete gaussian").length, pure.length],
      [36, 18, 78],
    )
  })

  it("has our deltas of composed Gaussian noise, and not those of a wrong factor", () => {
    const rows = of("gaussian")
    assert.strictEqual(failures(gaussianAgrees(GaussianPrivacy.compose), rows), 0)
    const scaled = (factor: number) => (mus: ReadonlyArray<number>) =>
      factor * GaussianPrivacy.compose(mus)
    // two thirds of the rows have another delta by far; the others are 1 to six digits
    for (const factor of [Math.SQRT2, Math.SQRT1_2, 1.001, 0.999]) {
      assert.isAbove(failures(gaussianAgrees(scaled(factor)), rows), 24, `${factor}`)
    }
    const added = (mus: ReadonlyArray<number>) => mus.reduce((sum, mu) => sum + mu, 0)
    assert.isAbove(failures(gaussianAgrees(added), rows), 18)
  })

  it("has deltas of discrete Gaussian noise below our zero-concentrated ones, and above those of half the rho", () => {
    // of the smallest deltas it has the rounding errors alone
    const rows = of("discrete gaussian").filter(({ delta }) => delta > 1e-20)
    assert.lengthOf(rows, 17)
    assert.strictEqual(failures(concentratedAgrees(rhoOfGaussian), rows), 0)
    const halved = (sensitivity: number, deviation: number) =>
      rhoOfGaussian(sensitivity, deviation) / 2
    assert.isAbove(failures(concentratedAgrees(halved), rows), 8)
  })

  it("has no delta exactly where a budget without a delta pays for releases without one", () => {
    assert.strictEqual(failures(pureAgrees(repeated), pure), 0)
    for (const wrong of [
      (epsilon: number) => [epsilon],
      (epsilon: number, count: number) => repeated(epsilon / 2, count),
      (epsilon: number, count: number) => repeated(2 * epsilon, count),
      (epsilon: number, count: number) => [Math.sqrt(count) * epsilon],
    ]) {
      assert.isAbove(failures(pureAgrees(wrong), pure), 0)
    }
  })

  it("finds no budget exceeded that pays, and some that pay at half the price", () => {
    const paid = (price: number) =>
      [...of("gaussian"), ...pure].filter((value) => {
        const epsilon = pureEpsilonOf(value)
        const spend =
          value.family === "gaussian"
            ? { mu: price / value.deviation, excess: 0 }
            : ({ kind: "pure", epsilon: price * epsilon! } as const)
        const budget = { epsilon: value.epsilon, delta: 0.99 * value.delta }
        const spends = Array.from({ length: value.count }, () => spend)
        return value.delta > rounding && LedgerRecord.fits(spends, budget)
      })
    assert.lengthOf(paid(1), 0)
    assert.isAbove(paid(0.5).length, 30)
  })
})
