/** Factorisations on matrices of every family, and on entries that are not finite. */
import { Kernels, Vector } from "@nonconvex/numerics"
import * as RelaxedKernels from "@nonconvex/numerics/RelaxedKernels"
import fc from "fast-check"
import { assert, describe, it } from "vitest"
import { epsilon, structure, symmetric, worst } from "../support/Matrices.ts"

const every = [Kernels.strict(), RelaxedKernels.relaxed(), Kernels.reference()]
const identity = (n: number) =>
  Float64Array.from({ length: n * n }, (_, at) => (at % (n + 1) === 0 ? 1 : 0))

describe("qr", () => {
  it("has residuals and orthogonality within 50 ulp times n on every family", () => {
    fc.assert(
      fc.property(structure(70), fc.constantFrom(...every), (of, { gemm, multiplyQ, qr }) => {
        const { n } = of
        const a = symmetric(of)
        const norm = Vector.norm(a) || 1
        const [factor, tau] = [a.slice(), new Float64Array(n)]
        qr(n, n, factor, tau)
        const r = factor.map((x, at) => (Math.floor(at / n) > at % n ? 0 : x))
        multiplyQ(false, n, n, factor, tau, n, r)
        assert.isAtMost(worst(r, a, norm), 50 * epsilon * Math.max(1, n), "Q R")
        const q = identity(n)
        multiplyQ(false, n, n, factor, tau, n, q)
        const gram = new Float64Array(n * n)
        gemm(true, false, n, n, n, 1, q, q, 0, gram)
        assert.isAtMost(worst(gram, identity(n)), 50 * epsilon * Math.max(1, n), "Q^T Q")
      }),
      { numRuns: 150 },
    )
  })

  it("keeps what is 1e-8 beside the diagonal, in matrices of any shape", () => {
    for (const { multiplyQ, qr } of every) {
      for (const [m, n] of [
        [3, 2],
        [20, 10],
        [10, 20],
      ] as const) {
        const a = Float64Array.from({ length: m * n }, (_, at) =>
          Math.floor(at / n) === at % n ? 1 : 9e-9 / Math.sqrt(m),
        )
        const [factor, tau] = [a.slice(), new Float64Array(Math.min(m, n))]
        qr(m, n, factor, tau)
        const r = factor.map((x, at) => (Math.floor(at / n) > at % n ? 0 : x))
        multiplyQ(false, m, n, factor, tau, n, r)
        assert.isAtMost(worst(r, a), 50 * epsilon * Math.max(m, n))
      }
    }
  })
})

describe("cholesky", () => {
  it("has residuals within 50 ulp times n where columns span 150 orders of magnitude", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 120 }),
        fc.nat(2 ** 31),
        fc.constantFrom(...every),
        (n, seed, { cholesky, syrk }) => {
          // D (B B^T / n + I) D: the scaling D commutes with the factorisation, so each entry is judged by its own size.
          const size = (i: number) => 10 ** (-75 + (150 * i) / Math.max(1, n - 1))
          const a = new Float64Array(n * n)
          for (let i = 0; i < n; i++) a[i * n + i] = 1
          syrk(false, n, n, 1 / n, symmetric({ n, family: "random", seed }), 1, a)
          const scaled = a.map((x, at) => x * size(Math.floor(at / n)) * size(at % n))
          const l = scaled.slice()
          assert.strictEqual(cholesky(n, l), -1)
          // the largest error, in units of its bound
          let largest = 0
          for (let i = 0; i < n; i++) {
            for (let j = 0; j <= i; j++) {
              const [x, y] = [l.subarray(i * n, i * n + j + 1), l.subarray(j * n, j * n + j + 1)]
              const by = size(i) * size(j)
              const bound = 50 * epsilon * n * Math.sqrt(a[i * n + i]! * a[j * n + j]!)
              const error = Math.abs(Vector.dot(x, y) / by - a[i * n + j]!)
              largest = Math.max(largest, error / bound)
            }
          }
          assert.isAtMost(largest, 1)
          // The upper triangle is as it was.
          assert.isTrue(l.every((x, at) => at % n <= Math.floor(at / n) || x === scaled[at]))
        },
      ),
      { numRuns: 60 },
    )
  })

  it("stops at the first pivot that is zero, NaN or reached by an infinity", () => {
    for (const { cholesky } of every) {
      for (const n of [3, 40, 80]) {
        const at = n - 2
        for (const [bad, column] of [
          [0, at],
          [NaN, at],
          [-Infinity, at],
        ] as const) {
          const a = identity(n)
          a[at * n + at] = bad
          assert.strictEqual(cholesky(n, a), column)
        }
        // An infinity below the diagonal makes the pivot of its row -Infinity; NaN makes it NaN.
        for (const bad of [Infinity, NaN]) {
          const a = identity(n)
          a[at * n] = bad
          assert.strictEqual(cholesky(n, a), at)
        }
        assert.strictEqual(cholesky(n, new Float64Array(n * n)), 0)
      }
    }
  })
})

describe("entries that are not finite", () => {
  it("reach what depends on them, and nothing else", () => {
    for (const { multiplyQ, qr, softmaxCrossEntropy, solveTriangular, syrk } of every) {
      const n = 20
      const t = identity(n)
      const b = new Float64Array(n).fill(1)
      t[5 * n + 5] = 0
      solveTriangular(true, false, n, 1, t, b)
      assert.deepStrictEqual([b[4], b[5], b[6]], [1, Infinity, NaN])

      const [factor, tau] = [identity(n), new Float64Array(n)]
      factor[3 * n + 3] = NaN
      qr(n, n, factor, tau)
      assert.deepStrictEqual([Math.abs(factor[0]!), factor[3 * n + 3]], [1, NaN])
      const x = new Float64Array(n).fill(1)
      multiplyQ(false, n, n, factor, tau, 1, x)
      assert.isNaN(x[3])

      const c = new Float64Array(n * n)
      const a = identity(n)
      a[2 * n + 2] = Infinity
      a[4 * n + 4] = NaN
      syrk(false, n, n, 1, a, 0, c)
      assert.deepStrictEqual([c[0], c[2 * n + 2], c[4 * n + 4]], [1, Infinity, NaN])

      const logits = Float64Array.of(...Array.from({ length: 40 }, (_, i) => i % 4), NaN, 0, 0, 0)
      const p = new Float64Array(44)
      const loss = softmaxCrossEntropy(11, 4, logits, new Int32Array(11), p)
      assert.isNaN(loss)
      assert.isNaN(p[40])
      assert.isAtMost(Math.abs(p[0]! + p[1]! + p[2]! + p[3]! - 1), 1e-15)
      logits[40] = -Infinity
      assert.strictEqual(softmaxCrossEntropy(11, 4, logits, new Int32Array(11), p), Infinity)
      assert.strictEqual(p[40], 0)
    }
  })
})
