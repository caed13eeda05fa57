/** Readings along a run: exact if there is a formula, with common probes otherwise. */
import { InvalidInput, RandomStream, Seed } from "@nonconvex/numerics"
import { type Objective, quadratic } from "@nonconvex/problems"
import { assert, describe, it } from "vitest"
import { monitor } from "../../src/monitor/Monitor.ts"
import { scalarModel } from "../../src/problems/ScalarModel.ts"
import { interpolating } from "../support/Models.ts"

const seed = Seed.root(1)
const hyperbola = scalarModel()

describe("a network with an exact trace", () => {
  it("has no probes and no error bar, at a point or between two", () => {
    const { objective, point } = interpolating("relu")
    const watch = monitor(objective, { seed })
    const first = watch.read(point)
    assert.deepStrictEqual(first.trace, {
      estimate: objective.exactTrace!(point).trace,
      standardError: 0,
    })
    assert.strictEqual(first.products, 0)
    assert.isUndefined(first.change)
    const moved = point.map((value) => 1.01 * value)
    const second = watch.read(moved)
    assert.deepStrictEqual(second.change, {
      estimate: objective.exactTrace!(moved).trace - first.trace.estimate,
      standardError: 0,
    })
  })
})

describe("an objective without", () => {
  it("has common probes, so that a change has a small error", () => {
    const watch = monitor(hyperbola, { seed, maxProducts: 20 })
    const first = watch.read(Float64Array.of(2, 0.5))
    const second = watch.read(Float64Array.of(1.999, 1 / 1.999))
    assert.isUndefined(first.change)
    assert.isBelow(second.change!.standardError, 0.01 * second.trace.standardError + 1e-3)
    assert.closeTo(second.topEigenvalue, 1.999 ** 2 + 1 / 1.999 ** 2, 1e-2)
  })

  it("stops by the error bar", () => {
    // random signs see a diagonal exactly
    const diagonal = quadratic({ spectrum: [3, 2, 1] })
    const { products, trace } = monitor(diagonal, { seed }).read(new Float64Array(3))
    assert.deepStrictEqual([products, trace.estimate, trace.standardError], [8, 6, 0])
  })

  /** A randomly rotated operator with this spectrum. */
  const rotated = (spectrum: ReadonlyArray<number>): Objective => {
    const n = spectrum.length
    const basis = new Float64Array(n * n)
    RandomStream.make(seed.child("basis")).fillNormal(basis)
    for (let i = 0; i < n; i++) {
      const row = basis.subarray(i * n, (i + 1) * n)
      for (let k = 0; k < i; k++) {
        const q = basis.subarray(k * n, (k + 1) * n)
        const product = row.reduce((sum, value, j) => sum + value * q[j]!, 0)
        for (let j = 0; j < n; j++) row[j]! -= product * q[j]!
      }
      const norm = Math.hypot(...row)
      for (let j = 0; j < n; j++) row[j]! /= norm
    }
    return quadratic({ spectrum, basis })
  }

  it("goes on with common probes where those will do", () => {
    const flat = rotated(Array.from({ length: 60 }, (_, i) => 1 + (i % 7)))
    const { products, trace } = monitor(flat, { seed, relativeError: 0.01 }).read(
      new Float64Array(60),
    )
    assert.isAbove(products, 8)
    assert.isAtMost(trace.standardError, 0.01 * trace.estimate)
    const exact = Array.from({ length: 60 }, (_, i) => 1 + (i % 7)).reduce((a, b) => a + b)
    assert.isAtMost(Math.abs(trace.estimate - exact), 4 * trace.standardError)
  })

  it("turns to XTrace where they will not, as for a spectrum that decays", () => {
    const spectrum = Array.from({ length: 60 }, (_, i) => 1 / (1 + i) ** 2)
    const steep = rotated(spectrum)
    const { products, trace } = monitor(steep, { seed, relativeError: 1e-3 }).read(
      new Float64Array(60),
    )
    assert.isAtMost(products, 100)
    // Hutchinson's error at 100 products would be 0.15
    assert.isBelow(trace.standardError, 0.01)
    const exact = spectrum.reduce((a, b) => a + b)
    assert.isAtMost(Math.abs(trace.estimate - exact), 4 * trace.standardError)
  })

  it("says when the products ran out before the eigenvalue was found", () => {
    const spectrum = Array.from({ length: 60 }, (_, i) => 1 + 1e-3 * i)
    const single = { ...rotated(spectrum), precision: "float32" } as const
    const status = (tolerance: number) =>
      monitor(single, { seed, tolerance }).read(new Float64Array(60)).topEigenvalueStatus
    assert.strictEqual(status(1e-1), "converged")
    assert.strictEqual(status(1e-15), "budget")
  })

  it("refuses bad numbers", () => {
    const bad = (options: object) => () => monitor(hyperbola, { seed, ...options })
    assert.throws(bad({ relativeError: 0 }), InvalidInput, /relativeError/)
    assert.throws(bad({ maxProducts: 7 }), InvalidInput, /maxProducts/)
    assert.throws(bad({ tolerance: Number.NaN }), InvalidInput, /tolerance/)
  })
})
