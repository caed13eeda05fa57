/** Tiles for joined vectors and for single ones give the same bits, whether or not this engine joins them. */
import { Kernels } from "@nonconvex/numerics"
import * as RelaxedKernels from "@nonconvex/numerics/RelaxedKernels"
import fc from "fast-check"
import { getEnvironmentData, setEnvironmentData } from "node:worker_threads"
import { describe, it } from "vitest"
import { joined } from "../../src/kernels/Instance.ts"
import { doubles, same } from "./expand.ts"

/** Kernels with tiles for vectors that are joined, or not. */
const told = (kernels: Kernels.Kernels, areJoined: boolean): Kernels.Kernels => {
  const before = getEnvironmentData(joined)
  setEnvironmentData(joined, areJoined)
  const made = kernels.withCapacity(2 ** 22)
  setEnvironmentData(joined, before)
  return made
}

const product = fc.record({
  ta: fc.boolean(),
  tb: fc.boolean(),
  m: fc.integer({ min: 1, max: 40 }),
  n: fc.integer({ min: 1, max: 70 }),
  k: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 250, max: 270 })),
  alpha: fc.constantFrom(1, 0.3),
  beta: fc.constantFrom(0, 1, -0.7),
  seed: fc.nat(1000),
})

describe("tiles of products", () => {
  it.each([Kernels.strict(), RelaxedKernels.relaxed()])(
    "have the same bits however wide, by $name kernels",
    (kernels) => {
      const [narrow, wide] = [told(kernels, false), told(kernels, true)]
      fc.assert(
        fc.property(product, ({ alpha, beta, k, m, n, seed, ta, tb }) => {
          const from = { seed, decades: 3 }
          const [a, b] = [doubles(from, "a", m * k), doubles(from, "b", k * n)]
          const c = doubles(from, "c", m * n)
          const [one, other] = [c.slice(), c.slice()]
          narrow.gemm(ta, tb, m, n, k, alpha, a, b, beta, one)
          wide.gemm(ta, tb, m, n, k, alpha, a, b, beta, other)
          same("gemm", other, one)
          const [a32, b32] = [Float32Array.from(a), Float32Array.from(b)]
          const [one32, other32] = [Float32Array.from(c), Float32Array.from(c)]
          narrow.gemm(ta, tb, m, n, k, alpha, a32, b32, beta, one32)
          wide.gemm(ta, tb, m, n, k, alpha, a32, b32, beta, other32)
          same("gemm of float32", other32, one32)
        }),
        { numRuns: 400 },
      )
    },
  )
})
