/** What must hold of many tridiagonal matrices at once: the bits of one after the other, whatever their neighbours. */
import { Kernels, RandomStream, Seed } from "@nonconvex/numerics"
import * as Tridiagonal from "../../src/Tridiagonal.ts"
import fc from "fast-check"
import { gaussianTridiagonal } from "../support/GaussianTridiagonal.ts"
import { close, doubles, same } from "./expand.ts"
import { type Law, law } from "./law.ts"

/** Diagonal and off-diagonal of one matrix, hard for the iteration in different ways. */
const families: Record<string, (n: number, seed: number) => readonly [Float64Array, Float64Array]> =
  {
    "gaussian ensemble": (n, seed) => {
      const { diagonal, off } = gaussianTridiagonal(n, 2, RandomStream.make(Seed.root(seed)))
      return [diagonal, off]
    },
    "of many scales": (n, seed) => [
      doubles({ seed, decades: 60 }, "d", n),
      doubles({ seed, decades: 60 }, "e", n - 1),
    ],
    "with couplings that vanish": (n, seed) => [
      doubles({ seed, decades: 0 }, "d", n),
      doubles({ seed, decades: 0 }, "e", n - 1).map((x, i) => x * [1, 0, 1e-9, 1e-17, 1][i % 5]!),
    ],
    "of ties": (n, seed) => [
      new Float64Array(n).fill(seed % 3),
      new Float64Array(n - 1).map((_, i) => (i + seed) % 2),
    ],
    "of zeros": (n) => [new Float64Array(n), new Float64Array(n - 1).fill(-0)],
    huge: (n, seed) => [
      doubles({ seed, decades: 0 }, "d", n).map((x) => x * 1e307),
      doubles({ seed, decades: 0 }, "e", n - 1).map((x) => x * 1e307),
    ],
    subnormal: (n, seed) => [
      doubles({ seed, decades: 0 }, "d", n).map((x) => x * 5e-320),
      doubles({ seed, decades: 0 }, "e", n - 1).map((x) => x * 5e-320),
    ],
  }

const matrices = fc.record({
  n: fc.oneof(fc.integer({ min: 1, max: 24 }), fc.integer({ min: 25, max: 80 })),
  kinds: fc.array(fc.constantFrom(...Object.keys(families)), { maxLength: 11 }),
  seed: fc.nat(1000),
  inside: fc.boolean(),
})

export const tridiagonalLaws: ReadonlyArray<Law> = [
  law(
    "tridiagonalBatched: the bits of the plain loops, the values of Tridiagonal.eigenvalues, in place too",
    fc.property(matrices, ({ inside, kinds, n, seed }) => {
      const count = kinds.length
      const { arena, tridiagonalBatched } = Kernels.strict()
      const fresh = (length: number) => (inside ? arena.f64(length) : new Float64Array(length))
      const [d, e, values] = [fresh(count * n), fresh(count * (n - 1)), fresh(count * n)]
      kinds.forEach((kind, k) => {
        const [diagonal, off] = families[kind]!(n, seed + k)
        d.set(diagonal, k * n)
        e.set(off, k * (n - 1))
      })
      const expected = new Float64Array(count * n)
      same("plain", [Kernels.reference().tridiagonalBatched(count, n, d, e, expected)], [-1])
      same("failed", [tridiagonalBatched(count, n, d, e, values)], [-1])
      same("values", values, expected)
      for (let k = 0; k < count; k++) {
        const one = Tridiagonal.eigenvalues(
          d.slice(k * n, (k + 1) * n),
          e.slice(k * (n - 1), (k + 1) * (n - 1)),
        )
        close("eigenvalues", values.subarray(k * n, (k + 1) * n), one, () => 0)
      }
      same("failed", [tridiagonalBatched(count, n, d, e, d)], [-1])
      same("in place", d, expected)
      if (inside) for (const array of [d, e, values]) arena.release(array)
    }),
  ),
  law(
    "tridiagonalBatched: names the first matrix that is not finite",
    fc.property(
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 2, max: 9 }),
      fc.nat(1000),
      fc.constantFrom(NaN, Infinity, -Infinity),
      (count, n, seed, bad) => {
        const [d, e] = [new Float64Array(count * n), new Float64Array(count * (n - 1))]
        const [first, second] = [seed % count, (seed >> 3) % count]
        d[first * n] = bad
        e[second * (n - 1)] = bad
        for (const kernels of [Kernels.strict(), Kernels.reference()]) {
          const failed = kernels.tridiagonalBatched(count, n, d, e, new Float64Array(count * n))
          same("matrix", [failed], [Math.min(first, second)])
        }
      },
    ),
  ),
  law(
    "fillTridiagonal: the draws of its twin, one matrix after the other",
    fc.property(
      fc.nat(30),
      fc.nat(20),
      fc.constantFrom(1, 2, 4, 0.1, 3.7),
      fc.boolean(),
      fc.nat(1000),
      (n, count, beta, inside, seed) => {
        const [stream, other, single] = [0, 1, 2].map(() => RandomStream.make(Seed.root(seed)))
        const { arena, fillTridiagonal } = Kernels.strict()
        const fresh = (length: number) => (inside ? arena.f64(length) : new Float64Array(length))
        const [d, e] = [fresh(count * n), fresh(count * Math.max(0, n - 1))]
        fillTridiagonal(stream!, n, beta, d, e)
        const [plainD, plainE] = [new Float64Array(d.length), new Float64Array(e.length)]
        Kernels.reference().fillTridiagonal(other!, n, beta, plainD, plainE)
        same("plain diagonal", d, plainD)
        same("plain off-diagonal", e, plainE)
        same("state of the plain stream", other!.state, stream!.state)
        for (let k = 0; k < (n === 0 ? 0 : count); k++) {
          const { diagonal, off } = gaussianTridiagonal(n, beta, single!)
          same("diagonal", d.subarray(k * n, (k + 1) * n), diagonal)
          same("off-diagonal", e.subarray(k * off.length, (k + 1) * off.length), off)
        }
        same("state", single!.state, stream!.state)
        if (inside) for (const array of [d, e]) arena.release(array)
      },
    ),
  ),
]
