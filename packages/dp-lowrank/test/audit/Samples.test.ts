/** Outputs of programs whose epsilon is known. */
import { assert, describe, it } from "@effect/vitest"
import { RandomStream, Seed } from "@nonconvex/numerics"
import type { Outputs } from "../../src/audit/SampleAudit.ts"
import * as Audit from "../../src/audit/SampleAudit.ts"

const stream = (label: string) => RandomStream.make(Seed.root(1).child("samples").child(label))

/** Noise of a scale around a center, one number a run. */
const laplace = (label: string, runs: number, center: number, scale: number): Outputs => {
  const source = stream(label)
  const values = new Float64Array(runs).map(
    () => center + source.sign() * -scale * Math.log(source.uniformOpen()),
  )
  return { values, dimension: 1 }
}

/** Gaussian noise in several dimensions, of which one tells. */
const gaussian = (label: string, runs: number, shift: number): Outputs => {
  const values = new Float64Array(5 * runs)
  stream(label).fillNormal(values)
  for (let i = 0; i < runs; i++) values[5 * i + 3]! += shift
  return { values, dimension: 5 }
}

const options = { epsilon: 1, delta: 0.01, seed: Seed.root(2) }

describe("auditSamples", () => {
  it("comes close to the epsilon of Laplace's noise, and not above it", () => {
    const [a, b] = [laplace("a", 40_000, 0, 0.5), laplace("b", 40_000, 1, 0.5)]
    const report = Audit.auditSamples(a, b, { ...options, delta: 1e-9, epsilon: 2 })
    assert.strictEqual(report.verdict, "no violation found")
    assert.isAtMost(report.epsilonLowerBound, 2)
    assert.isAbove(report.epsilonLowerBound, 1.5)
    assert.strictEqual(report.samples, 40_000)
    const strict = Audit.auditSamples(a, b, { ...options, delta: 1e-9 })
    assert.strictEqual(strict.verdict, "violation")
  })

  it("is the same of inputs that are exchanged, to what chance moves, and does not mind sorted files", () => {
    const [a, b] = [laplace("a", 20_000, 0, 1), laplace("b", 20_000, 1, 1)]
    const sorted = (outputs: Outputs) => ({ ...outputs, values: outputs.values.toSorted() })
    const [here, there, ordered] = [
      Audit.auditSamples(a, b, options),
      Audit.auditSamples(b, a, options),
      Audit.auditSamples(sorted(a), sorted(b), options),
    ].map(({ epsilonLowerBound }) => epsilonLowerBound)
    for (const bound of [here!, there!, ordered!]) {
      assert.isAtMost(bound, 1)
      assert.isAbove(bound, 0.6)
    }
  })

  it("finds the direction that tells outputs of several numbers apart", () => {
    const [a, b] = [gaussian("a", 20_000, 0), gaussian("b", 20_000, 1)]
    const { epsilonLowerBound, mu, muStandardError } = Audit.auditSamples(a, b, options)
    assert.isAtMost(Math.abs(mu - 1), 5 * muStandardError)
    // the exact epsilon of mu = 1 at delta = 0.01 is 2.03
    assert.isAtMost(epsilonLowerBound, 2.03)
    assert.isAbove(epsilonLowerBound, 1.2)
  })

  it("shows nothing of outputs that are alike", () => {
    const alike = Array.from({ length: 8 }, (_, k) =>
      Audit.auditSamples(gaussian(`a${k}`, 400, 0), gaussian(`b${k}`, 400, 0), {
        ...options,
        epsilon: 0,
        delta: 1e-6,
        confidence: 0.99,
      }),
    )
    assert.isAtMost(alike.filter(({ verdict }) => verdict === "violation").length, 1)
  })

  it("sees what does not vary, and takes as many runs of each", () => {
    const one = { values: new Float64Array(2 * 300).fill(1), dimension: 2 }
    const other = { values: new Float64Array(2 * 901).fill(1), dimension: 2 }
    for (let i = 0; i < 901; i++) other.values[2 * i + 1] = 2
    const report = Audit.auditSamples(one, other, options)
    assert.strictEqual(report.samples, 300)
    assert.strictEqual(report.verdict, "violation")
    assert.strictEqual(report.mu, Number.POSITIVE_INFINITY)
  })

  it("refuses too few runs, other dimensions and what is no number", () => {
    const good = gaussian("a", 200, 0)
    const nan = { ...good, values: good.values.with(7, Number.NaN) }
    assert.throws(() => Audit.auditSamples(gaussian("b", 99, 0), good, options), /runs of first/)
    assert.throws(() => Audit.auditSamples(good, laplace("a", 200, 0, 1), options), /of second/)
    assert.throws(() => Audit.auditSamples(good, nan, options), /element of second must be finite/)
    assert.throws(() => Audit.auditSamples(good, good, { ...options, delta: 0 }), /delta/)
    assert.throws(() => Audit.auditSamples(good, good, { ...options, epsilon: -1 }), /epsilon/)
  })
})
