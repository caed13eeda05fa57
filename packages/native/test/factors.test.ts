/** Compiled Cholesky factors and triangular systems: residuals, matrices that are not positive definite, and untouched parts. */
import { Kernels } from "@nonconvex/numerics"
import { Effect } from "effect"
import fc from "fast-check"
import { assert, describe, it } from "vitest"
import { CompiledKernels } from "../src/index.ts"
import { doubles, magnitudes, size, source, type Source, within } from "./support/Drawn.ts"
import { compiled } from "./support/Found.ts"

const plain = Kernels.reference()

/** Around blocks of 8, 32 and 48 rows, and parts of 256. */
const order = fc.oneof(
  size,
  fc.constantFrom(24, 47, 48, 49, 55, 56, 57, 144, 145, 255, 303, 304, 305, 400),
)

/** Positive definite, with rows and columns scaled by powers of ten; NaN above the diagonal. */
const positive = (from: Source, n: number): Float64Array => {
  const root = doubles({ ...from, decades: 0 }, "a", n * n)
  const a = new Float64Array(n * n)
  plain.syrk(false, n, n, 1, root, 0, a)
  const scale = (i: number) => 10 ** (((i * 5) % (2 * from.decades + 1)) - from.decades)
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      if (i === j) a[i * n + j]! += n / 8
      a[i * n + j]! *= scale(i) * scale(j)
      if (j > i) a[i * n + j] = Number.NaN
    }
  }
  return a
}

/** The lower triangle, with zeros elsewhere. */
const lower = (a: Float64Array, n: number): Float64Array =>
  a.map((x, at) => (at % n > Math.floor(at / n) ? 0 : x))

/** A triangle with a diagonal of 1 to 2 in size, scaled by rows; the other triangle is NaN. */
const triangle = (from: Source, n: number, isLower: boolean): Float64Array =>
  doubles({ ...from, decades: 0 }, "t", n * n).map((x, at) => {
    const [i, j] = [Math.floor(at / n), at % n]
    if (isLower ? j > i : j < i) return Number.NaN
    const scale = 10 ** (((i * 5) % 7) - 3)
    return scale * (i === j ? (x < 0 ? -1 : 1) * (1 + 1 / (1 + x * x)) : x / n)
  })

describe("compiled factors", () => {
  it("leave A - L L^T within the error of Higham's theorem 10.3, and the upper triangle as it was", () => {
    compiled((native) => {
      fc.assert(
        fc.property(order, source, (n, from) => {
          const a = positive(from, n)
          const factor = a.slice()
          assert.strictEqual(native.cholesky(n, factor), -1)
          const l = lower(factor, n)
          assert.deepStrictEqual(
            factor.map((x, i) => (Object.is(l[i], x) ? 0 : x)),
            a.map((x) => (Number.isNaN(x) ? x : 0)),
          )
          const [whole, bound] = [new Float64Array(n * n), new Float64Array(n * n)]
          plain.syrk(false, n, n, 1, l, 0, whole)
          plain.syrk(false, n, n, 1, magnitudes(l), 0, bound)
          within("L L^T", lower(whole, n), lower(a, n), n, lower(bound, n))
        }),
      )
    })
  })

  it("tell the first column whose pivot is not positive", () => {
    compiled((native) => {
      fc.assert(
        fc.property(
          order.filter((n) => n > 0),
          fc.nat(),
          fc.constantFrom(-1, 0, Number.NaN),
          source,
          (n, which, wrong, from) => {
            const a = positive(from, n)
            const column = which % n
            a[column * n + column]! *= wrong
            const expected = plain.cholesky(n, a.slice())
            assert.strictEqual(expected, column)
            assert.strictEqual(native.cholesky(n, a), expected)
          },
        ),
      )
    })
  })

  it("have the same bits on any number of threads", () => {
    compiled(() => {
      const one = Effect.runSync(CompiledKernels.make(1))
      for (const n of [300, 700, 1000]) {
        const a = positive({ seed: n, decades: 3 }, n)
        const b = doubles({ seed: n, decades: 0 }, "b", n * 100)
        const of = ({ cholesky, solveTriangular }: Kernels.Kernels) => {
          const [factor, x] = [a.slice(), b.slice()]
          cholesky(n, factor)
          solveTriangular(true, false, n, 100, factor, x)
          return [factor, x]
        }
        const expected = of(one)
        for (const threads of [2, 3, 8])
          assert.deepStrictEqual(of(Effect.runSync(CompiledKernels.make(threads))), expected)
      }
    })
  })
})

describe("compiled systems with triangles", () => {
  it("leave B - op(T) X within the error of Higham's theorem 8.5", () => {
    compiled((native) => {
      fc.assert(
        fc.property(
          fc.record({ isLower: fc.boolean(), transpose: fc.boolean() }),
          order,
          fc.constantFrom(1, 1, 2, 5, 7, 8, 9, 33),
          source,
          ({ isLower, transpose }, n, columns, from) => {
            const t = triangle(from, n, isLower)
            const b = doubles({ ...from, decades: Math.min(from.decades, 3) }, "b", n * columns)
            const x = b.slice()
            native.solveTriangular(isLower, transpose, n, columns, t, x)
            const read = t.map((value) => (Number.isNaN(value) ? 0 : value))
            const [product, bound] = [new Float64Array(x.length), new Float64Array(x.length)]
            plain.gemm(transpose, false, n, columns, n, 1, read, x, 0, product)
            plain.gemm(
              transpose,
              false,
              n,
              columns,
              n,
              1,
              magnitudes(read),
              magnitudes(x),
              0,
              bound,
            )
            within("op(T) X", product, b, n, bound)
          },
        ),
      )
    })
  })

  it("give numbers that are not finite for a zero on the diagonal, where the plain loops do", () => {
    compiled((native) => {
      for (const isLower of [true, false])
        for (const transpose of [true, false])
          for (const columns of [1, 3, 12]) {
            const n = 60
            const t = triangle({ seed: 1, decades: 0 }, n, isLower)
            t[20 * n + 20] = 0
            const b = doubles({ seed: 2, decades: 0 }, "b", n * columns).map((x) => x || 1)
            const [x, y] = [b.slice(), b.slice()]
            native.solveTriangular(isLower, transpose, n, columns, t, x)
            plain.solveTriangular(isLower, transpose, n, columns, t, y)
            const where = (values: Float64Array) => Array.from(values, Number.isFinite)
            assert.deepStrictEqual(where(x), where(y))
            assert.include(where(x), false)
          }
    })
  })
})
