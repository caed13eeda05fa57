/** The compiled products against the plain loops, on random shapes. */
import { Kernels } from "@nonconvex/numerics"
import fc from "fast-check"
import { assert, describe, it } from "vitest"
import { coefficient, doubles, magnitudes, size, source, within } from "./support/Drawn.ts"
import { compiled } from "./support/Found.ts"

const plain = Kernels.reference()

const product = fc.record({
  ta: fc.boolean(),
  tb: fc.boolean(),
  m: size,
  n: size,
  k: size,
  alpha: coefficient,
  beta: coefficient,
})

const single = (x: Float64Array): Float32Array => Float32Array.from(x)

describe("compiled products", () => {
  it("gemm is within the error of a sum of k terms, of both element types", () => {
    compiled((native) => {
      fc.assert(
        fc.property(product, source, ({ alpha, beta, k, m, n, ta, tb }, from) => {
          const [a, b] = [doubles(from, "a", m * k), doubles(from, "b", k * n)]
          const c = doubles(from, "c", m * n)
          const [actual, expected, bound] = [c.slice(), c.slice(), magnitudes(c)]
          native.gemm(ta, tb, m, n, k, alpha, a, b, beta, actual)
          plain.gemm(ta, tb, m, n, k, alpha, a, b, beta, expected)
          const [sizeA, sizeB] = [magnitudes(a), magnitudes(b)]
          plain.gemm(ta, tb, m, n, k, Math.abs(alpha), sizeA, sizeB, Math.abs(beta), bound)
          within("gemm", actual, expected, k, bound)
          if (from.decades > 3) return
          const [a32, b32, c32] = [single(a), single(b), single(c)]
          const rounded = c32.slice()
          native.gemm(ta, tb, m, n, k, alpha, a32, b32, beta, c32)
          plain.gemm(ta, tb, m, n, k, alpha, a32, b32, beta, rounded)
          within("gemm of float32", c32, rounded, k, bound, 2 ** -24)
        }),
      )
    })
  })

  it("gemv is within the error of a sum, both ways and of both element types", () => {
    compiled((native) => {
      fc.assert(
        fc.property(product, source, ({ alpha, beta, m, n, ta }, from) => {
          const a = doubles(from, "a", m * n)
          const [x, y] = [doubles(from, "x", ta ? m : n), doubles(from, "y", ta ? n : m)]
          const [actual, expected, bound] = [y.slice(), y.slice(), magnitudes(y)]
          native.gemv(ta, m, n, alpha, a, x, beta, actual)
          plain.gemv(ta, m, n, alpha, a, x, beta, expected)
          const [sizeA, sizeX] = [magnitudes(a), magnitudes(x)]
          plain.gemv(ta, m, n, Math.abs(alpha), sizeA, sizeX, Math.abs(beta), bound)
          within("gemv", actual, expected, x.length, bound)
          if (from.decades > 3) return
          const [a32, x32, y32] = [single(a), single(x), single(y)]
          const rounded = y32.slice()
          native.gemv(ta, m, n, alpha, a32, x32, beta, y32)
          plain.gemv(ta, m, n, alpha, a32, x32, beta, rounded)
          within("gemv of float32", y32, rounded, x.length, bound, 2 ** -24)
        }),
      )
    })
  })

  it("gemvBoth is both products", () => {
    compiled((native) => {
      fc.assert(
        fc.property(size, size, source, (m, n, from) => {
          const a = doubles(from, "a", m * n)
          const [x, u] = [doubles(from, "x", n), doubles(from, "u", m)]
          const [ax, atu] = [new Float64Array(m).fill(7), new Float64Array(n).fill(7)]
          native.gemvBoth(m, n, a, x, ax, u, atu)
          for (const [turned, given, result] of [
            [false, x, ax],
            [true, u, atu],
          ] as const) {
            const expected = new Float64Array(result.length)
            const bound = new Float64Array(result.length)
            plain.gemv(turned, m, n, 1, a, given, 0, expected)
            plain.gemv(turned, m, n, 1, magnitudes(a), magnitudes(given), 0, bound)
            within("gemvBoth", result, expected, given.length, bound)
          }
        }),
      )
    })
  })

  it("residualGradient is the residuals of all rows and their gradient", () => {
    compiled((native) => {
      fc.assert(
        fc.property(size, size, coefficient, source, (m, n, alpha, from) => {
          const a = doubles(from, "a", m * n)
          const [x, targets] = [doubles(from, "x", n), doubles(from, "targets", m)]
          const [actual, expected] = [native, plain].map(({ residualGradient }) => {
            const [residual, out] = [new Float64Array(m).fill(7), new Float64Array(n).fill(7)]
            residualGradient(n, a, undefined, x, targets, alpha, residual, out)
            return { residual, out }
          })
          const [residuals, gradients] = [magnitudes(targets), new Float64Array(n)]
          plain.gemv(false, m, n, 1, magnitudes(a), magnitudes(x), 1, residuals)
          plain.gemv(true, m, n, Math.abs(alpha), magnitudes(a), residuals, 0, gradients)
          within("residuals", actual!.residual, expected!.residual, n + 1, residuals)
          within("gradient", actual!.out, expected!.out, m + n + 2, gradients)
        }),
      )
    })
  })

  it("gemv of a matrix beyond the caches is within the error of a sum", () => {
    compiled((native) => {
      const [m, n] = [1249, 1301]
      const a = Float64Array.from({ length: m * n }, (_, i) => Math.sin(i))
      for (const ta of [false, true]) {
        const x = Float64Array.from({ length: ta ? m : n }, (_, i) => Math.cos(i))
        const [actual, expected, bound] = [0, 1, 2].map(() => new Float64Array(ta ? n : m).fill(1))
        native.gemv(ta, m, n, 0.5, a, x, 2, actual!)
        plain.gemv(ta, m, n, 0.5, a, x, 2, expected!)
        plain.gemv(ta, m, n, 0.5, magnitudes(a), magnitudes(x), 2, bound!)
        assert.doesNotThrow(() => within("gemv", actual!, expected!, x.length, bound!))
      }
    })
  })

  it("ger adds a product of two vectors", () => {
    compiled((native) => {
      fc.assert(
        fc.property(size, size, coefficient, source, (m, n, alpha, from) => {
          const [x, y] = [doubles(from, "x", m), doubles(from, "y", n)]
          const a = doubles(from, "a", m * n)
          const [actual, expected, bound] = [a.slice(), a.slice(), magnitudes(a)]
          native.ger(m, n, alpha, x, y, actual)
          plain.ger(m, n, alpha, x, y, expected)
          plain.ger(m, n, Math.abs(alpha), magnitudes(x), magnitudes(y), bound)
          within("ger", actual, expected, 1, bound)
        }),
      )
    })
  })

  it("syrk is the product with the transposed matrix, exactly symmetric, and reads the lower triangle alone", () => {
    compiled((native) => {
      fc.assert(
        fc.property(product, source, ({ alpha, beta, k, n, ta }, from) => {
          const [a, c] = [doubles(from, "a", n * k), doubles(from, "c", n * n)]
          const [actual, expected, bound] = [c.slice(), c.slice(), magnitudes(c)]
          for (let i = 0; i < n; i++) actual.fill(Number.NaN, i * n + i + 1, (i + 1) * n)
          native.syrk(ta, n, k, alpha, a, beta, actual)
          plain.syrk(ta, n, k, alpha, a, beta, expected)
          plain.syrk(ta, n, k, Math.abs(alpha), magnitudes(a), Math.abs(beta), bound)
          within("syrk", actual, expected, k, bound)
          const turned = actual.map((_, at) => actual[(at % n) * n + Math.floor(at / n)]!)
          assert.deepStrictEqual(turned, actual)
        }),
      )
    })
  })

  it("syrk of few columns and many rows is no other, however many there are", () => {
    compiled((native) => {
      for (const n of Array.from({ length: 25 }, (_, i) => i)) {
        for (const k of [31, 32, 255, 256, 257, 600]) {
          const from = { seed: n, decades: 3 }
          const [a, c] = [doubles(from, "a", n * k), doubles(from, "c", n * n)]
          const [actual, expected, bound] = [c.slice(), c.slice(), magnitudes(c)]
          native.syrk(true, n, k, 0.3, a, -1, actual)
          plain.syrk(true, n, k, 0.3, a, -1, expected)
          plain.syrk(true, n, k, 0.3, magnitudes(a), 1, bound)
          within(`${n} columns of ${k} rows`, actual, expected, k, bound)
          const turned = actual.map((_, at) => actual[(at % n) * n + Math.floor(at / n)]!)
          assert.deepStrictEqual(turned, actual)
        }
      }
    })
  })

  it("dot and axpy are within the error of a sum", () => {
    compiled((native) => {
      fc.assert(
        fc.property(fc.nat(2000), source, (n, from) => {
          const [x, y] = [doubles(from, "x", n), doubles(from, "y", n)]
          const bound = plain.dot(magnitudes(x), magnitudes(y))
          within("dot", [native.dot(x, y)], [plain.dot(x, y)], n, [bound])
          const [actual, expected] = [y.slice(), y.slice()]
          native.axpy(0.3, x, actual)
          plain.axpy(0.3, x, expected)
          within(
            "axpy",
            actual,
            expected,
            1,
            magnitudes(x).map((value, i) => value + Math.abs(y[i]!)),
          )
        }),
      )
    })
  })

  it("outputs that overlap inputs get the result of distinct copies, and 0 times what is not read is 0", () => {
    compiled((native) => {
      fc.assert(
        fc.property(fc.integer({ min: 33, max: 70 }), fc.nat(9), source, (n, shift, from) => {
          const buffer = doubles(from, "a", 2 * n * n + shift)
          const [a, c] = [buffer.slice(0, n * n), buffer.subarray(shift, shift + n * n)]
          const expected = new Float64Array(n * n)
          native.gemm(false, true, n, n, n, 1, a, a, 0, expected)
          native.gemm(false, true, n, n, n, 1, buffer.subarray(0, n * n), a, 0, c)
          assert.deepStrictEqual(c.slice(), expected)
          const y = new Float64Array(n)
          native.gemv(false, n, n, 1, a, a.subarray(0, n), 0, y)
          native.gemv(false, n, n, 1, a, a.subarray(0, n), 0, a.subarray(2, n + 2))
          assert.deepStrictEqual(a.slice(2, n + 2), y)
          const fresh = new Float64Array(n * n).fill(Number.NaN)
          native.gemm(false, true, n, n, n, 1, expected, expected, 0, fresh)
          assert.isFalse(fresh.some(Number.isNaN))
        }),
      )
    })
  })
})

describe("laws of compiled products", () => {
  it("(A B)^T = B^T A^T, to rounding", () => {
    compiled((native) => {
      fc.assert(
        fc.property(size, size, size, source, (m, n, k, from) => {
          const [a, b] = [doubles(from, "a", m * k), doubles(from, "b", k * n)]
          const [c, turned, bound] = [0, 0, 0].map(() => new Float64Array(m * n))
          native.gemm(false, false, m, n, k, 1, a, b, 0, c!)
          native.gemm(true, true, n, m, k, 1, b, a, 0, turned!)
          plain.gemm(false, false, m, n, k, 1, magnitudes(a), magnitudes(b), 0, bound!)
          const back = c!.map((_, at) => turned![(at % n) * m + Math.floor(at / n)]!)
          within("(B^T A^T)^T", back, c!, k, bound!)
        }),
      )
    })
  })

  it("a power of two comes out of a product without an error", () => {
    compiled((native) => {
      fc.assert(
        fc.property(size, size, size, source, (m, n, k, from) => {
          const [a, b] = [doubles(from, "a", m * k), doubles(from, "b", k * n)]
          const [once, scaled] = [new Float64Array(m * n), new Float64Array(m * n)]
          native.gemm(false, false, m, n, k, 1, a, b, 0, once)
          native.gemm(
            false,
            false,
            m,
            n,
            k,
            1,
            a.map((value) => 4 * value),
            b,
            0,
            scaled,
          )
          assert.deepStrictEqual(
            scaled,
            once.map((value) => 4 * value),
          )
        }),
      )
    })
  })

  it("a product with one column is that with a vector, and the same call gives the same bits", () => {
    compiled((native) => {
      fc.assert(
        fc.property(size, size, source, (m, n, from) => {
          const [a, x] = [doubles(from, "a", m * n), doubles(from, "x", n)]
          const [y, column, again, bound] = [0, 0, 0, 0].map(() => new Float64Array(m))
          native.gemv(false, m, n, 1, a, x, 0, y!)
          native.gemv(false, m, n, 1, a, x, 0, again!)
          native.gemm(false, false, m, 1, n, 1, a, x, 0, column!)
          plain.gemv(false, m, n, 1, magnitudes(a), magnitudes(x), 0, bound!)
          within("gemm of one column", column!, y!, n, bound!)
          assert.deepStrictEqual(again, y)
        }),
      )
    })
  })
})
