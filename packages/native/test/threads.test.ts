/** Products on several threads have the bits of one thread. */
import { InvalidInput, Kernels } from "@nonconvex/numerics"
import { Effect } from "effect"
import fc from "fast-check"
import { assert, describe, it } from "vitest"
import { CompiledKernels } from "../src/index.ts"
import { coefficient, doubles, source } from "./support/Drawn.ts"
import { compiled } from "./support/Found.ts"

const counts = [2, 3, 8]

/** Asserts that one thread and several compute the same bits. */
const same = (
  run: (kernels: CompiledKernels.CompiledKernels) => ReadonlyArray<Float64Array | Float32Array>,
): void => {
  const one = run(Effect.runSync(CompiledKernels.make(1)))
  for (const threads of counts)
    assert.deepStrictEqual(run(Effect.runSync(CompiledKernels.make(threads))), one)
}

/** Sizes of products that are split: around the edges of parts, in any proportion. */
const shape = fc.constantFrom(
  [101, 103, 107],
  [65, 300, 700],
  [300, 66, 1100],
  [64, 700, 128],
  [700, 17, 129],
  [1, 2000, 600],
  [2000, 1, 600],
  [96, 97, 300],
  [128, 128, 128],
  [128, 128, 1100],
)

const turned = fc.record({ ta: fc.boolean(), tb: fc.boolean() })

describe("products on several threads", () => {
  it("gemm and product have the same bits on any number of them, in both element types", () => {
    compiled(() => {
      fc.assert(
        fc.property(
          shape,
          turned,
          coefficient,
          coefficient,
          source,
          ([m, n, k], { ta, tb }, alpha, beta, from) => {
            const [a, b] = [doubles(from, "a", m * k), doubles(from, "b", k * n)]
            const c = doubles(from, "c", m * n)
            const [lda, ldb] = [ta ? m : k, tb ? k : n]
            same(({ gemm, product }) => {
              const [whole, part] = [c.slice(), c.slice()]
              gemm(ta, tb, m, n, k, alpha, a, b, beta, whole)
              product(ta, tb, m, n, k, alpha, a, 0, lda, b, 0, ldb, beta, part, 0, n)
              assert.deepStrictEqual(part, whole)
              if (from.decades > 3) return [whole]
              const single = Float32Array.from(c)
              const [a32, b32] = [Float32Array.from(a), Float32Array.from(b)]
              gemm(ta, tb, m, n, k, alpha, a32, b32, beta, single)
              return [whole, single]
            })
          },
        ),
        { numRuns: 60 },
      )
    })
  })

  it("products with vectors and Gram matrices do too", () => {
    compiled(() => {
      fc.assert(
        fc.property(
          fc.constantFrom([600, 601], [1030, 300], [40, 7000], [2049, 129]),
          fc.boolean(),
          coefficient,
          coefficient,
          source,
          ([m, n], ta, alpha, beta, from) => {
            const a = doubles(from, "a", m * n)
            const [x, u] = [doubles(from, "x", n), doubles(from, "u", m)]
            const [given, y] = ta ? [u, x] : [x, u]
            same(({ gemv, gemvBoth, residualGradient, symmetricProduct, syrk }) => {
              const [residual, gradient] = [new Float64Array(m), new Float64Array(n)]
              residualGradient(n, a, undefined, x, u, alpha, residual, gradient)
              const [out, ax, atu] = [y.slice(), new Float64Array(m), new Float64Array(n)]
              gemv(ta, m, n, alpha, a, given, beta, out)
              gemvBoth(m, n, a, x, ax, u, atu)
              const order = Math.min(m, 300)
              const gram = doubles(from, "gram", order * order)
              syrk(ta, order, n, alpha, a.subarray(0, order * n), beta, gram)
              const side = Math.floor(Math.sqrt(m * n))
              const lower = a.subarray(0, side * side)
              const product = new Float64Array(side)
              symmetricProduct(side, lower, a.subarray(m * n - side), product)
              return [residual, gradient, out, ax, atu, gram, product]
            })
          },
        ),
        { numRuns: 60 },
      )
    })
  })

  it("a number of threads that no machine has is refused", () => {
    for (const threads of [0, 0.5, 257, Number.NaN])
      assert.throws(() => CompiledKernels.make(threads), InvalidInput)
  })

  it("the layer has them as the kernels of the program", async () => {
    const name = Effect.map(Kernels.Current, (kernels) => kernels.name)
    const program = Effect.provide(name, CompiledKernels.layer(2))
    const expected = Effect.map(CompiledKernels.make(), (kernels) => kernels.name)
    assert.deepStrictEqual(await Effect.runPromiseExit(program), Effect.runSyncExit(expected))
  })
})
