/** What must hold of factorisations, solves and updates. */
import { Kernels } from "@nonconvex/numerics"
import fc from "fast-check"
import { close, doubles, same, type Source } from "./expand.ts"
import { type Law, law } from "./law.ts"

const source = fc.record({
  seed: fc.nat(1000),
  decades: fc.constantFrom<Array<number>>(0, 2, 80),
})
const mild = fc.record({ seed: fc.nat(1000), decades: fc.constant(0) })
const size = fc.oneof(
  { weight: 6, arbitrary: fc.nat(20) },
  { weight: 1, arbitrary: fc.integer({ min: 60, max: 75 }) },
)

/** A positive definite matrix: B B^T + n I. */
const definite = (from: Source, label: string, n: number): Float64Array => {
  const a = new Float64Array(n * n)
  for (let i = 0; i < n; i++) a[i * n + i] = n
  Kernels.reference().syrk(false, n, n, 1, doubles(from, label, n * n), 1, a)
  return a
}

/** A triangular matrix with a diagonal away from 0; NaN in the other triangle, which nobody may read. */
const triangle = (from: Source, n: number, lower: boolean): Float64Array => {
  const t = doubles(from, "t", n * n)
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      if (i === j) t[i * n + j] = 2 + Math.abs(t[i * n + j]!)
      else if (i < j === lower) t[i * n + j] = NaN
      else t[i * n + j] = t[i * n + j]! / n
    }
  }
  return t
}

export const factorLaws: ReadonlyArray<Law> = [
  law(
    "syrk and ger: the strict build gives the bits of the plain loops",
    fc.property(fc.boolean(), size, size, source, (transpose, n, k, from) => {
      const [strict, plain] = [Kernels.strict(), Kernels.reference()]
      const a = doubles(from, "a", n * k)
      const [c, expected] = [doubles(from, "c", n * n), doubles(from, "c", n * n)]
      strict.syrk(transpose, n, k, 0.3, a, -1, c)
      plain.syrk(transpose, n, k, 0.3, a, -1, expected)
      same("syrk", c, expected)

      const [x, z] = [doubles(from, "x", n), doubles(from, "z", k)]
      strict.arena.scoped((workspace) => {
        const wide = workspace.f64(n * k)
        wide.set(a)
        strict.ger(n, k, -0.7, x, z, wide)
        plain.ger(n, k, -0.7, x, z, a)
        same("ger", wide, a)
      })
    }),
  ),
  law(
    "syrk: a float32 matrix is summed in float64",
    fc.property(size, size, mild, (n, k, from) => {
      const single = Float32Array.from(doubles(from, "a", n * k))
      const [c, expected] = [new Float64Array(n * n), new Float64Array(n * n)]
      Kernels.strict().syrk(false, n, k, 1, single, 0, c)
      Kernels.strict().syrk(false, n, k, 1, Float64Array.from(single), 0, expected)
      same("syrk", c, expected)
    }),
  ),
  law(
    "cholesky: the bits of the plain loops, and L L^T is A",
    fc.property(size, mild, (n, from) => {
      const a = definite(from, "a", n)
      const [l, expected] = [a.slice(), a.slice()]
      same("column", [Kernels.strict().cholesky(n, l)], [-1])
      Kernels.reference().cholesky(n, expected)
      same("cholesky", l, expected)
      for (let i = 0; i < n; i++) l.fill(0, i * n + i + 1, (i + 1) * n)
      const product = new Float64Array(n * n)
      Kernels.reference().syrk(false, n, n, 1, l, 0, product)
      close(
        "L L^T",
        product,
        a,
        (i) => 50 * n * 2 ** -53 * Math.sqrt(a[diagonal(i, n)]! * a[diagonal((i % n) * n, n)]!),
      )
    }),
  ),
  law(
    "cholesky: names the first column whose pivot is not positive",
    fc.property(fc.integer({ min: 1, max: 70 }), fc.nat(1000), mild, (n, at, from) => {
      const a = definite(from, "a", n)
      const column = at % n
      a[column * n + column] = -1
      same("column", [Kernels.strict().cholesky(n, a.slice())], [column])
      same("column", [Kernels.reference().cholesky(n, a.slice())], [column])
    }),
  ),
  law(
    "solveTriangular: the bits of the plain loops, and op(T) X is B",
    fc.property(
      fc.boolean(),
      fc.boolean(),
      size,
      fc.constantFrom(0, 1, 2, 5),
      mild,
      (lower, transpose, n, columns, from) => {
        const t = triangle(from, n, lower)
        const b = doubles(from, "b", n * columns)
        const [x, expected] = [b.slice(), b.slice()]
        Kernels.strict().solveTriangular(lower, transpose, n, columns, t, x)
        Kernels.reference().solveTriangular(lower, transpose, n, columns, t, expected)
        same("solve", x, expected)
        const whole = t.map((value) => (Number.isNaN(value) ? 0 : value))
        const product = new Float64Array(n * columns)
        Kernels.reference().gemm(transpose, false, n, columns, n, 1, whole, x, 0, product)
        close("T X", product, b, () => 1e-12)
      },
    ),
  ),
  law(
    "qr: the bits of the plain loops, R is triangular with Q R = A, Q is orthogonal",
    fc.property(size, size, source, (m, n, from) => {
      const a = doubles(from, "a", m * n)
      const count = Math.min(m, n)
      const [factor, tau] = [a.slice(), new Float64Array(count)]
      const [expected, expectedTau] = [a.slice(), new Float64Array(count)]
      Kernels.strict().qr(m, n, factor, tau)
      Kernels.reference().qr(m, n, expected, expectedTau)
      same("qr", factor, expected)
      same("tau", tau, expectedTau)

      const r = factor.map((value, at) => (Math.floor(at / n) > at % n ? 0 : value))
      const again = r.slice()
      Kernels.strict().multiplyQ(false, m, n, factor, tau, n, r)
      Kernels.reference().multiplyQ(false, m, n, factor, tau, n, again)
      same("Q R", r, again)
      const largest = a.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
      close("Q R", r, a, () => 50 * (m + n) * 2 ** -53 * largest * n)

      const q = Float64Array.from({ length: m * m }, (_, at) => (at % (m + 1) === 0 ? 1 : 0))
      Kernels.strict().multiplyQ(true, m, n, factor, tau, m, q)
      const gram = new Float64Array(m * m)
      Kernels.strict().syrk(true, m, m, 1, q, 0, gram)
      close(
        "Q Q^T",
        gram,
        Float64Array.from({ length: m * m }, (_, at) => (at % (m + 1) === 0 ? 1 : 0)),
        () => 50 * (m + 1) * 2 ** -53,
      )
    }),
  ),
]

/** The place of the diagonal element of the row of element `at`. */
const diagonal = (at: number, n: number): number => Math.floor(at / n) * (n + 1)
