/** The compiled steps of eigenvalue problems against the plain loops, and eigenvalues computed with them. */
import { Kernels } from "@nonconvex/numerics"
import * as SymmetricEigen from "@nonconvex/numerics/SymmetricEigen"
import * as HermitianEigen from "@nonconvex/numerics/HermitianEigen"
import fc from "fast-check"
import { assert, describe, it } from "vitest"
import { doubles, magnitudes, size, source, within } from "./support/Drawn.ts"
import { compiled } from "./support/Found.ts"

const plain = Kernels.reference()

/** From 256 on the triangle is split into parts. */
const orders = fc.oneof(
  { weight: 3, arbitrary: size },
  { weight: 1, arbitrary: fc.constantFrom(255, 256, 257, 302, 511) },
)

describe("compiled steps", () => {
  it("symmetricProduct reads the lower triangle, with and without a vector to add", () => {
    compiled((native) => {
      fc.assert(
        fc.property(orders, fc.boolean(), source, (n, adds, from) => {
          const a = doubles(from, "a", n * n)
          const [x, c] = [doubles(from, "x", n), adds ? doubles(from, "c", n) : undefined]
          const [expected, bound, actual] = [0, 0, 0].map(() => new Float64Array(n))
          plain.symmetricProduct(n, a, x, expected!, c)
          plain.symmetricProduct(n, magnitudes(a), magnitudes(x), bound!, c && magnitudes(c))
          for (let i = 0; i < n; i++) a.fill(Number.NaN, i * n + i + 1, (i + 1) * n)
          native.symmetricProduct(n, a, x, actual!, c)
          within("symmetricProduct", actual!, expected!, n, bound!)
        }),
      )
    })
  })

  it("symmetricStep updates and multiplies in one pass", () => {
    compiled((native) => {
      fc.assert(
        fc.property(size, fc.nat(3), source, (k, more, from) => {
          const n = k + more
          const [a, work] = [doubles(from, "a", n * n), doubles(from, "work", 4 * n)]
          const [plainA, plainWork] = [a.slice(), work.slice()]
          native.symmetricStep(n, k, a, work, 0, n, 2 * n, 3 * n)
          plain.symmetricStep(n, k, plainA, plainWork, 0, n, 2 * n, 3 * n)
          // what the step makes of magnitudes, with the sign turned so that nothing cancels
          const [largeA, largeWork] = [magnitudes(doubles(from, "a", n * n)), magnitudes(work)]
          largeWork.subarray(n, 2 * n).forEach((value, i) => (largeWork[n + i] = -value))
          plain.symmetricStep(n, k, largeA, largeWork, 0, n, 2 * n, 3 * n)
          within("A", a, plainA, 3, magnitudes(largeA))
          within(
            "p",
            work.subarray(3 * n),
            plainWork.subarray(3 * n),
            k + 3,
            magnitudes(largeWork.subarray(3 * n)),
          )
        }),
      )
    })
  })

  it("hermitianStep updates and multiplies in one pass", () => {
    compiled((native) => {
      fc.assert(
        fc.property(size, fc.nat(3), source, (k, more, from) => {
          const n = k + more
          const [re, im] = [doubles(from, "re", n * n), doubles(from, "im", n * n)]
          const work = doubles(from, "work", 8 * n)
          const [plainRe, plainIm, plainWork] = [re.slice(), im.slice(), work.slice()]
          native.hermitianStep(n, k, re, im, work, 0, 2 * n, 4 * n, 6 * n)
          plain.hermitianStep(n, k, plainRe, plainIm, plainWork, 0, 2 * n, 4 * n, 6 * n)
          // a real symmetric step of twice the size bounds every part of it
          const large = (x: Float64Array) => magnitudes(x)
          const sum = (x: Float64Array, y: Float64Array) => x.map((value, i) => value + y[i]!)
          const a = sum(large(doubles(from, "re", n * n)), large(doubles(from, "im", n * n)))
          const vectors = [0, 2, 4].map((at) =>
            sum(
              large(work.subarray(at * n, (at + 1) * n)),
              large(work.subarray((at + 1) * n, (at + 2) * n)),
            ),
          )
          const bounds = Float64Array.of(
            ...vectors[0]!,
            ...vectors[1]!.map((value) => -value),
            ...vectors[2]!,
            ...new Float64Array(n),
          )
          plain.symmetricStep(n, k, a, bounds, 0, n, 2 * n, 3 * n)
          const p = bounds.subarray(3 * n)
          within("re", re, plainRe, 6, a)
          within("im", im, plainIm, 6, a)
          within("p", work.subarray(6 * n, 7 * n), plainWork.subarray(6 * n, 7 * n), 2 * k + 6, p)
          within("p, imaginary", work.subarray(7 * n), plainWork.subarray(7 * n), 2 * k + 6, p)
        }),
      )
    })
  })

  it("product works on parts of larger matrices and leaves the rest alone", () => {
    compiled((native) => {
      fc.assert(
        fc.property(
          fc.record({ ta: fc.boolean(), tb: fc.boolean(), m: size, n: size, k: size }),
          fc.tuple(fc.nat(3), fc.nat(3), fc.nat(3)),
          source,
          ({ k, m, n, ta, tb }, [p, q, r], from) => {
            const [lda, ldb, ldc] = [(ta ? m : k) + p, (tb ? k : n) + q, n + r]
            const a = doubles(from, "a", p + (ta ? k : m) * lda)
            const b = doubles(from, "b", q + (tb ? n : k) * ldb)
            const c = doubles(from, "c", r + m * ldc)
            const [actual, expected, bound] = [c.slice(), c.slice(), magnitudes(c)]
            native.product(ta, tb, m, n, k, 0.5, a, p, lda, b, q, ldb, -1, actual, r, ldc)
            plain.product(ta, tb, m, n, k, 0.5, a, p, lda, b, q, ldb, -1, expected, r, ldc)
            const [sizeA, sizeB] = [magnitudes(a), magnitudes(b)]
            plain.product(ta, tb, m, n, k, 0.5, sizeA, p, lda, sizeB, q, ldb, 1, bound, r, ldc)
            within("product", actual, expected, k, bound)
          },
        ),
      )
    })
  })

  it("eigenvalues and vectors by them solve the problem, to 50 ulp times n of the norm", () => {
    compiled((native) => {
      for (const n of [20, 33, 64, 100, 131]) {
        const from = { seed: n, decades: 0 }
        const [re, im] = [doubles(from, "re", n * n), doubles(from, "im", n * n)]
        for (let i = 0; i < n; i++) {
          im[i * n + i] = 0
          for (let j = 0; j < i; j++) {
            re[j * n + i] = re[i * n + j]!
            im[j * n + i] = -im[i * n + j]!
          }
        }
        const limit = 50 * n * 2 ** -53 * plain.norm(re)
        const { values, vectors } = SymmetricEigen.eigen(re, n, native)
        const residual = new Float64Array(n * n)
        plain.gemm(false, false, n, n, n, 1, vectors, re, 0, residual)
        for (let j = 0; j < n; j++)
          plain.axpy(
            -values[j]!,
            vectors.subarray(j * n, (j + 1) * n),
            residual.subarray(j * n, (j + 1) * n),
          )
        assert.isAtMost(plain.norm(residual), limit)
        const own = HermitianEigen.eigenvalues(re, im, n, plain)
        const others = HermitianEigen.eigenvalues(re, im, n, native)
        for (let j = 0; j < n; j++) assert.isAtMost(Math.abs(own[j]! - others[j]!), 2 * limit)
      }
    })
  })
})
