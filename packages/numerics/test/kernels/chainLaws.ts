/** What must hold of chains of matrices and of residuals: the compiled kernels give the bits of the plain loops. */
import { Kernels } from "@nonconvex/numerics"
import * as RelaxedKernels from "@nonconvex/numerics/RelaxedKernels"
import fc from "fast-check"
import { close, doubles, same } from "./expand.ts"
import { type Law, law } from "./law.ts"

const source = fc.record({ seed: fc.nat(1000), decades: fc.constantFrom<Array<number>>(0, 3, 100) })
const width = fc.integer({ min: 1, max: 22 })

/** Products without a factor are the ones that the kernel for small matrices takes. */
const small = fc.record({
  transposeA: fc.boolean(),
  transposeB: fc.boolean(),
  m: width,
  n: width,
  k: fc.oneof({ weight: 6, arbitrary: width }, { weight: 1, arbitrary: fc.constantFrom(256, 257) }),
})

const system = fc.record({
  n: fc.integer({ min: 1, max: 90 }),
  rows: fc.integer({ min: 1, max: 30 }),
  chosen: fc.option(fc.array(fc.nat(29), { maxLength: 25 }), { nil: undefined }),
  alpha: fc.constantFrom(1, -0.3, 2 / 7),
})

export const chainLaws: ReadonlyArray<Law> = [
  law(
    "gemm without factors: the strict build gives the bits of the plain loops, the relaxed one is close",
    fc.property(small, source, ({ k, m, n, transposeA, transposeB }, from) => {
      const [a, b] = [doubles(from, "a", m * k), doubles(from, "b", k * n)]
      const [c, bound] = [doubles(from, "c", m * n), new Float64Array(m * n)]
      const [actual, fused] = [c.slice(), c.slice()]
      const positive = (x: Float64Array) => x.map(Math.abs)
      Kernels.reference().gemm(transposeA, transposeB, m, n, k, 1, a, b, 0, c)
      Kernels.reference().gemm(
        transposeA,
        transposeB,
        m,
        n,
        k,
        1,
        positive(a),
        positive(b),
        0,
        bound,
      )
      Kernels.strict().gemm(transposeA, transposeB, m, n, k, 1, a, b, 0, actual)
      RelaxedKernels.relaxed().gemm(transposeA, transposeB, m, n, k, 1, a, b, 0, fused)
      same("gemm", actual, c)
      close("gemm", fused, c, (i) => (k + 4) * 2 ** -52 * bound[i]!)
    }),
  ),
  law(
    "chain and chainGradient: the strict build gives the bits of the plain loops",
    fc.property(
      fc.array(width, { minLength: 2, maxLength: 5 }),
      source,
      fc.boolean(),
      (list, from, inside) => {
        const widths = Int32Array.from(list)
        const parameters = list.reduce((sum, d, j) => sum + (j > 0 ? d * list[j - 1]! : 0), 0)
        const later = list.reduce((sum, d, j) => sum + (j > 1 ? d * list[0]! : 0), 0)
        const x = doubles(from, "x", parameters)
        const end = doubles(from, "end", list.at(-1)! * list[0]!)
        const run = (kernels: Kernels.Kernels) =>
          kernels.arena.scoped((workspace) => {
            const make = (length: number) =>
              inside ? workspace.f64(length) : new Float64Array(length)
            const layers = make(parameters)
            const [products, backs, gradient] = [make(later), make(later), make(parameters)]
            layers.set(x)
            const last = list.length === 2 ? gradient : backs
            last.set(end, last.length - end.length)
            kernels.chain(widths, layers, products)
            kernels.chainGradient(widths, layers, products, backs, gradient)
            return [...products, ...gradient]
          })
        same("chain", run(Kernels.strict()), run(Kernels.reference()))
      },
    ),
  ),
  law(
    "residualGradient: the strict build gives the bits of the plain loops and of two gemv",
    fc.property(system, source, ({ alpha, chosen, n, rows }, from) => {
      const a = doubles(from, "a", rows * n)
      const x = doubles(from, "x", n)
      const list = chosen?.map((index) => index % rows)
      const count = list?.length ?? rows
      const targets = doubles(from, "targets", count)
      const run = (kernels: Kernels.Kernels) =>
        kernels.arena.scoped((workspace) => {
          const inside = workspace.f64(a.length)
          inside.set(a)
          const [residual, out] = [new Float64Array(count), workspace.f64(n)]
          const which = list && Uint32Array.from(list)
          kernels.residualGradient(n, inside, which, x, targets, alpha, residual, out)
          return [...residual, ...out]
        })
      const plain = run(Kernels.reference())
      same("residualGradient", run(Kernels.strict()), plain)
      const gathered = Float64Array.from(
        list ?? Array.from({ length: rows }, (_, i) => i),
        (i) => i,
      )
      const used = Float64Array.from({ length: count * n }, (_, q) => {
        return a[gathered[Math.floor(q / n)]! * n + (q % n)]!
      })
      const [residual, out] = [new Float64Array(count), new Float64Array(n)]
      Kernels.reference().gemv(false, count, n, 1, used, x, 0, residual)
      for (let k = 0; k < count; k++) residual[k]! -= targets[k]!
      Kernels.reference().gemv(true, count, n, alpha, used, residual, 0, out)
      same("two gemv", plain, [...residual, ...out])
    }),
  ),
]
