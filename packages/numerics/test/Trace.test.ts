import { InvalidInput, RandomStream, Seed } from "@nonconvex/numerics"
import * as Orthogonal from "@nonconvex/numerics/Orthogonal"
import * as Trace from "@nonconvex/numerics/Trace"
import * as Operator from "@nonconvex/numerics/Operator"
import fc from "fast-check"
import { assert, describe, it } from "vitest"
import type { TraceEstimate } from "../src/internal/TraceEstimate.ts"
import { structure, symmetric } from "./support/Matrices.ts"

const root = Seed.root(11)

const traceOf = (a: Float64Array, n: number) => {
  let sum = 0
  for (let i = 0; i < n; i++) sum += a[i * n + i]!
  return sum
}

/** Q diag(values) Q^T. */
const withSpectrum = (values: ReadonlyArray<number>): Float64Array => {
  const n = values.length
  const q = Orthogonal.haar(n, RandomStream.make(root.child("basis")))
  const a = new Float64Array(n * n)
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      for (let k = 0; k < n; k++)
        a[i * n + j] = a[i * n + j]! + q[i * n + k]! * values[k]! * q[j * n + k]!
    }
  }
  return a
}

const decaying = withSpectrum(Array.from({ length: 60 }, (_, i) => 0.8 ** i))
const flat = withSpectrum(Array.from({ length: 60 }, (_, i) => 1 + i / 60))

type Estimator = (operator: Operator.Operator, seed: Seed.Seed) => TraceEstimate
const dimension = 60
const estimators: ReadonlyArray<readonly [string, Estimator]> = [
  ["hutchinson", (f, seed) => Trace.hutchinson(f, { dimension, probes: 24, seed })],
  ["hutchPlusPlus", (f, seed) => Trace.hutchPlusPlus(f, { dimension, products: 24, seed })],
  ["xTrace", (f, seed) => Trace.xTrace(f, { dimension, products: 24, seed })],
]

describe.each(estimators)("Trace.%s", (name, estimate) => {
  it.each([
    ["decaying", decaying],
    ["flat", flat],
  ])("is unbiased with an error bar that tells the truth, %s spectrum", (_, a) => {
    const operator = Operator.fromMatrix(a, dimension, dimension)
    const expected = traceOf(a, dimension)
    const trials = 200
    let mean = 0
    let squares = 0
    let claimed = 0
    for (let t = 0; t < trials; t++) {
      const { estimate: value, standardError } = estimate(operator, root.child(name).child(t))
      mean += (value - expected) / trials
      squares += (value - expected) ** 2 / trials
      claimed += standardError ** 2 / trials
    }
    const actual = Math.sqrt(squares)
    // The mean of 200 trials within 4.5 standard errors; the claimed variance within a factor 2 of the observed one.
    assert.isAtMost(Math.abs(mean), (4.5 * actual) / Math.sqrt(trials) + 1e-12)
    assert.isAtMost(Math.abs(Math.log2(claimed / squares)), 1)
  })

  it("counts its products, and repeats itself", () => {
    let calls = 0
    const operator: Operator.Operator = (v, out) => {
      calls++
      Operator.fromMatrix(flat, dimension, dimension)(v, out)
    }
    const once = estimate(operator, root)
    assert.strictEqual(calls, once.products)
    assert.isAtMost(calls, 24)
    assert.deepStrictEqual(estimate(operator, root), once)
  })

  it("refuses products that are not finite", () => {
    assert.throws(() => estimate((_, out) => out.fill(NaN), root), InvalidInput)
  })
})

describe("Trace", () => {
  it("refuses products that are not finite where it is exact", () => {
    const operator: Operator.Operator = (v, out) => v.forEach((x, i) => (out[i] = x / (2 - i)))
    assert.throws(() => Trace.exact(operator, 4), InvalidInput, "column = 2")
    assert.throws(() => Trace.exact((_, out) => out.fill(NaN), 4), InvalidInput, "column = 0")
  })

  it("is exact by unit vectors", () => {
    fc.assert(
      fc.property(structure(20), (of) => {
        const a = symmetric(of)
        const expected = traceOf(a, of.n)
        assert.strictEqual(Trace.exact(Operator.fromMatrix(a, of.n, of.n), of.n), expected)
      }),
      { numRuns: 50 },
    )
  })

  it("by xTrace is exact for low rank, for more probes than dimensions, for a single direction and for zero", () => {
    const lowRank = withSpectrum(Array.from({ length: 30 }, (_, i) => (i < 5 ? 5 - i : 0)))
    for (const products of [12, 20, 60, 100]) {
      const operator = Operator.fromMatrix(lowRank, 30, 30)
      const { estimate, standardError } = Trace.xTrace(operator, {
        dimension: 30,
        products,
        seed: root,
      })
      assert.isAtMost(Math.abs(estimate - 15), 1e-11, `${products} products`)
      assert.isAtMost(standardError, 1e-11)
    }
    for (const n of [0, 1, 2, 3]) {
      const a = Float64Array.from({ length: n * n }, (_, at) => at + 1)
      const operator = Operator.fromMatrix(a, n, n)
      const { estimate } = Trace.xTrace(operator, { dimension: n, products: 8, seed: root })
      assert.isAtMost(Math.abs(estimate - traceOf(a, n)), 1e-12, `dimension ${n}`)
    }
    const zero: Operator.Operator = (_, out) => out.fill(0)
    const { estimate, standardError } = Trace.xTrace(zero, {
      dimension: 9,
      products: 6,
      seed: root,
    })
    assert.deepStrictEqual([estimate, standardError], [0, 0])
  })

  it("by xTrace and Hutch++ is better than by Hutchinson where the spectrum decays", () => {
    const operator = Operator.fromMatrix(decaying, dimension, dimension)
    const errors = estimators.map(([, estimate]) => estimate(operator, root).standardError)
    assert.isBelow(errors[1]!, errors[0]! / 2)
    assert.isBelow(errors[2]!, errors[0]! / 4)
  })

  it("uses the same probes for the same seed: differences of nearby operators are estimated well", () => {
    const moved = decaying.map((x, at) => (at === 0 ? x + 1e-6 : x))
    const [before, after] = [decaying, moved].map(
      (a) =>
        Trace.hutchinson(Operator.fromMatrix(a, dimension, dimension), {
          dimension,
          probes: 5,
          seed: root,
        }).estimate,
    )
    assert.isAtMost(Math.abs(after! - before! - 1e-6), 1e-13)
  })

  it("stops by the error bar, or by the budget", () => {
    const operator = Operator.fromMatrix(flat, dimension, dimension)
    for (const f of [Trace.hutchinson, Trace.hutchPlusPlus, Trace.xTrace]) {
      let calls = 0
      const counted: Operator.Operator = (v, out) => {
        calls++
        operator(v, out)
      }
      const seed = root.child("stop")
      const converged = f(counted, { dimension, seed, errorBar: 0.5, maxProducts: 10_000 })
      assert.strictEqual(converged.status, "converged")
      assert.isAtMost(converged.standardError, 0.5)
      assert.strictEqual(converged.products, calls)
      calls = 0
      const budget = f(counted, { dimension, seed, errorBar: 1e-9, maxProducts: 40 })
      assert.strictEqual(budget.status, "budget")
      assert.strictEqual(budget.products, calls)
      assert.isAtMost(calls, 40)
    }
  })

  it("refuses bad counts", () => {
    const operator = Operator.fromMatrix(new Float64Array(4), 2, 2)
    const of = { dimension: 2, seed: root }
    assert.throws(() => Trace.exact(operator, -1), InvalidInput)
    assert.throws(() => Trace.hutchinson(operator, { ...of, probes: 0 }), InvalidInput)
    assert.throws(() => Trace.hutchPlusPlus(operator, { ...of, products: 5 }), InvalidInput)
    assert.throws(() => Trace.xTrace(operator, { ...of, products: 5 }), InvalidInput, "even")
    assert.throws(
      () => Trace.xTrace(operator, { ...of, errorBar: NaN, maxProducts: 9 }),
      InvalidInput,
    )
    assert.strictEqual(Trace.hutchinson(operator, { ...of, probes: 1 }).standardError, Infinity)
  })
})
