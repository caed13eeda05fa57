/** What must hold of the products: the compiled kernels give the bits of the plain loops. */
import { Kernels } from "@nonconvex/numerics"
import * as RelaxedKernels from "@nonconvex/numerics/RelaxedKernels"
import fc from "fast-check"
import { close, doubles, same, singles, type Source } from "./expand.ts"
import { type Law, law } from "./law.ts"

const source = fc.record({ seed: fc.nat(1000), decades: fc.constantFrom<Array<number>>(0, 3, 100) })
const single = fc.record({ seed: fc.nat(1000), decades: fc.constantFrom<Array<number>>(0, 3) })
const size = fc.oneof({ weight: 6, arbitrary: fc.nat(19) }, { weight: 1, arbitrary: fc.nat(80) })
const coefficient = fc.constantFrom<Array<number>>(0, 1, -1, 0.3)

const product = fc.record({
  transposeA: fc.boolean(),
  transposeB: fc.boolean(),
  m: size,
  n: size,
  k: fc.oneof(
    { weight: 6, arbitrary: size },
    { weight: 1, arbitrary: fc.integer({ min: 250, max: 270 }) },
  ),
  alpha: coefficient,
  beta: coefficient,
  /** Whether the arrays live in kernel memory. */
  inside: fc.boolean(),
})
type Product = typeof product extends fc.Arbitrary<infer P> ? P : never

const run = <A extends Float64Array | Float32Array>(
  kernels: Kernels.Kernels,
  p: Product,
  a: A,
  b: A,
  c: A,
) => {
  kernels.gemm(p.transposeA, p.transposeB, p.m, p.n, p.k, p.alpha, a, b, p.beta, c)
  return c
}

const place = (kernels: Kernels.Kernels, inside: boolean, array: Float64Array): Float64Array => {
  if (!inside) return array
  const copy = kernels.arena.f64(array.length)
  copy.set(array)
  return copy
}

const drop = (kernels: Kernels.Kernels, inside: boolean, ...arrays: Array<Float64Array>) => {
  if (inside) for (const array of arrays) kernels.arena.release(array)
}

const operands = (p: Product, from: Source) => ({
  a: doubles(from, "a", p.m * p.k),
  b: doubles(from, "b", p.k * p.n),
  c: doubles(from, "c", p.m * p.n),
})

export const matrixLaws: ReadonlyArray<Law> = [
  law(
    "gemm: the strict build gives the bits of the plain loops",
    fc.property(product, source, (p, from) => {
      const { a, b, c } = operands(p, from)
      const expected = run(Kernels.reference(), p, a, b, c.slice())
      const strict = Kernels.strict()
      const [pa, pb, pc] = [a, b, c].map((array) => place(strict, p.inside, array))
      same("gemm", run(strict, p, pa!, pb!, pc!), expected)
      drop(strict, p.inside, pa!, pb!, pc!)
    }),
  ),
  law(
    "gemm: the relaxed build is within the error of a sum of k terms",
    fc.property(product, source, (p, from) => {
      const { a, b, c } = operands(p, from)
      const positive = (x: Float64Array) => x.map(Math.abs)
      const bound = run(
        Kernels.reference(),
        { ...p, alpha: Math.abs(p.alpha), beta: Math.abs(p.beta) },
        positive(a),
        positive(b),
        positive(c),
      )
      const expected = run(Kernels.reference(), p, a, b, c.slice())
      const actual = run(RelaxedKernels.relaxed(), p, a, b, c.slice())
      close("gemm", actual, expected, (i) => (p.k + 4) * 2 ** -52 * bound[i]!)
    }),
  ),
  law(
    "gemm: the same in float32",
    fc.property(product, single, (p, from) => {
      const a = singles(from, "a", p.m * p.k)
      const b = singles(from, "b", p.k * p.n)
      const c = singles(from, "c", p.m * p.n)
      const expected = run(Kernels.reference(), p, a, b, c.slice())
      same("gemm", run(Kernels.strict(), p, a, b, c.slice()), expected)
    }),
  ),
  law(
    "gemv: the strict build gives the bits of the plain loops",
    fc.property(product, source, (p, from) => {
      const a = doubles(from, "a", p.m * p.n)
      const x = doubles(from, "x", p.transposeA ? p.m : p.n)
      const y = doubles(from, "y", p.transposeA ? p.n : p.m)
      const expected = y.slice()
      Kernels.reference().gemv(p.transposeA, p.m, p.n, p.alpha, a, x, p.beta, expected)
      const strict = Kernels.strict()
      const [pa, px, py] = [a, x, y].map((array) => place(strict, p.inside, array))
      strict.gemv(p.transposeA, p.m, p.n, p.alpha, pa!, px!, p.beta, py!)
      same("gemv", py!, expected)
      drop(strict, p.inside, pa!, px!, py!)
    }),
  ),
  law(
    "gemv: the same in float32",
    fc.property(product, single, (p, from) => {
      const a = singles(from, "a", p.m * p.n)
      const x = singles(from, "x", p.transposeA ? p.m : p.n)
      const y = singles(from, "y", p.transposeA ? p.n : p.m)
      const actual = y.slice()
      Kernels.reference().gemv(p.transposeA, p.m, p.n, p.alpha, a, x, p.beta, y)
      Kernels.strict().gemv(p.transposeA, p.m, p.n, p.alpha, a, x, p.beta, actual)
      same("gemv", actual, y)
    }),
  ),
  law(
    "gemvBoth: the bits of the two products",
    fc.property(product, source, ({ m, n }, from) => {
      const a = doubles(from, "a", m * n)
      const x = doubles(from, "x", n)
      const u = doubles(from, "u", m)
      const [ax, expectedAx] = [new Float64Array(m), new Float64Array(m)]
      const [atu, expectedAtu] = [new Float64Array(n), new Float64Array(n)]
      Kernels.strict().gemvBoth(m, n, a, x, ax, u, atu)
      Kernels.reference().gemv(false, m, n, 1, a, x, 0, expectedAx)
      Kernels.reference().gemv(true, m, n, 1, a, u, 0, expectedAtu)
      same("A x", ax, expectedAx)
      same("A^T u", atu, expectedAtu)
    }),
  ),
  law(
    "dot, norm, axpy and rotate: the bits of Vector",
    fc.property(fc.nat(200), source, fc.boolean(), (n, from, inside) => {
      const x = doubles(from, "x", n)
      const y = doubles(from, "y", n)
      const [strict, plain] = [Kernels.strict(), Kernels.reference()]
      const [px, py] = [place(strict, inside, x), place(strict, inside, y)]
      same("dot", [strict.dot(px, py)], [plain.dot(x, y)])
      same("norm", [strict.norm(px)], [plain.norm(x)])
      strict.axpy(0.3, px, py)
      const expected = inside ? y.slice() : doubles(from, "y", n)
      plain.axpy(0.3, x, expected)
      same("axpy", py, expected)
      const other = doubles(from, "x", n)
      strict.rotate(0.6, -0.8, px, py)
      plain.rotate(0.6, -0.8, other, expected)
      same("rotate", [...px, ...py], [...other, ...expected])
      drop(strict, inside, px, py)
    }),
  ),
]
