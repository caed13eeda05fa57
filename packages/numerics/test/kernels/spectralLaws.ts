/** What must hold of the inner steps of eigenvalue problems. */
import { Kernels } from "@nonconvex/numerics"
import fc from "fast-check"
import { close, doubles, same } from "./expand.ts"
import { type Law, law } from "./law.ts"

const instance = fc.record({
  n: fc.oneof({ weight: 6, arbitrary: fc.nat(19) }, { weight: 1, arbitrary: fc.nat(110) }),
  seed: fc.nat(1000),
  decades: fc.constantFrom<Array<number>>(0, 3, 100),
  /** Whether the vectors live in kernel memory; the matrix does. */
  inside: fc.boolean(),
  affine: fc.boolean(),
})

export const spectralLaws: ReadonlyArray<Law> = [
  law(
    "symmetricProduct: the strict build gives the bits of the plain loops, and reads the lower triangle alone",
    fc.property(instance, ({ affine, decades, inside, n, seed }) => {
      const from = { seed, decades }
      const a = doubles(from, "a", n * n)
      const x = doubles(from, "x", n)
      const c = affine ? doubles(from, "c", n) : undefined
      const expected = new Float64Array(n)
      Kernels.reference().symmetricProduct(n, a, x, expected, c)
      const kernels = Kernels.strict()
      kernels.arena.scoped((workspace) => {
        const held = (values: Float64Array) => {
          const copy = workspace.f64(values.length)
          copy.set(values)
          return copy
        }
        const lower = held(a)
        for (let i = 0; i < n; i++) lower.fill(Number.NaN, i * n + i + 1, (i + 1) * n)
        // what y holds before must not matter
        const y = held(new Float64Array(n).fill(Number.NaN))
        const out = inside ? y : y.slice()
        const at = c && inside ? held(c) : c
        kernels.symmetricProduct(n, lower, inside ? held(x) : x, out, at)
        same("symmetricProduct", out, expected)
      })
    }),
  ),
  law(
    "symmetricProduct: A x + c is that of gemv within rounding",
    fc.property(instance, ({ n, seed }) => {
      const from = { seed, decades: 0 }
      const a = doubles(from, "a", n * n)
      for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) a[j * n + i] = a[i * n + j]!
      const x = doubles(from, "x", n)
      const c = doubles(from, "c", n)
      const kernels = Kernels.reference()
      const expected = c.slice()
      kernels.gemv(false, n, n, 1, a, x, 1, expected)
      const bound = c.map(Math.abs)
      kernels.gemv(false, n, n, 1, a.map(Math.abs), x.map(Math.abs), 1, bound)
      const actual = new Float64Array(n)
      kernels.symmetricProduct(n, a, x, actual, c)
      close("symmetricProduct", actual, expected, (i) => (2 * n + 4) * 2 ** -53 * bound[i]!)
    }),
  ),
]
