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
    "descendQuadratic: a run is its steps to the bit, accelerated or not, in the strict build and in plain loops, and ends before a change that is not finite",
    fc.property(
      instance,
      fc.nat(12),
      fc.constantFrom(0.25, 1, 1e155),
      fc.record({ errs: fc.boolean(), pulls: fc.boolean(), glides: fc.boolean() }),
      ({ decades, inside, n, seed }, steps, rate, { errs, glides, pulls }) => {
        const from = { seed, decades }
        const [a, c] = [doubles(from, "a", n * n), doubles(from, "c", n)]
        const start = doubles(from, "x", n)
        const [error, center] = [doubles(from, "error", n), doubles(from, "center", n)]
        const momenta = doubles({ seed, decades: 0 }, "momenta", steps)
        const expected = start.slice()
        const ahead = start.slice()
        const answer = new Float64Array(n)
        let taken = 0
        for (; taken < steps; taken++) {
          Kernels.reference().symmetricProduct(n, a, ahead, answer, c)
          if (errs) for (let i = 0; i < n; i++) answer[i]! += error[i]!
          if (pulls) for (let i = 0; i < n; i++) answer[i]! += 0.1 * (ahead[i]! - center[i]!)
          const next = ahead.map((y, i) => y - rate * answer[i]!)
          const ends = glides ? next : answer.map((g) => rate * g)
          if (!ends.every(Number.isFinite)) break
          for (let i = 0; i < n; i++)
            ahead[i] = glides ? next[i]! + momenta[taken]! * (next[i]! - expected[i]!) : next[i]!
          expected.set(next)
        }
        for (const kernels of [Kernels.reference(), Kernels.strict()]) {
          kernels.arena.scoped((workspace) => {
            const held = (values: Float64Array) => {
              const copy = workspace.f64(values.length)
              copy.set(values)
              return copy
            }
            const place = (values: Float64Array) => (inside ? held(values) : values.slice())
            const [x, y] = [place(start), place(start)]
            const found = kernels.descendQuadratic(n, steps, rate, held(a), place(c), x, {
              ...(errs && { error: place(error) }),
              ...(pulls && { pull: { strength: 0.1, center: place(center) } }),
              ...(glides && { acceleration: { ahead: y, momenta: place(momenta) } }),
            })
            const ends = glides ? [...x, ...y] : [...x, ...x]
            same("descendQuadratic", [found, ...ends], [taken, ...expected, ...ahead])
          })
        }
      },
    ),
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
