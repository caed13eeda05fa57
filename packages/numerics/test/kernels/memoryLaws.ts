/** What must hold of the memory: a model-based test of the arena, overlapping arguments, errors that leave nothing behind. */
import { ArenaFull, Kernels } from "@nonconvex/numerics"
import fc from "fast-check"
import { doubles, same } from "./expand.ts"
import { type Law, law } from "./law.ts"

const capacity = 64 * 1024

type Step =
  | { readonly kind: "allocate"; readonly type: "f64" | "f32" | "i32"; readonly length: number }
  | { readonly kind: "release"; readonly which: number }
  | { readonly kind: "multiply"; readonly which: number; readonly size: number }

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant("allocate"),
    type: fc.constantFrom("f64", "f32", "i32"),
    length: fc.oneof(fc.nat(50), fc.nat(3000)),
  }),
  fc.record({ kind: fc.constant("release"), which: fc.nat(50) }),
  fc.record({
    kind: fc.constant("multiply"),
    which: fc.nat(50),
    size: fc.integer({ min: 1, max: 90 }),
  }),
)

/** An array in the arena, and what it must hold. */
interface Held {
  readonly array: Float64Array | Float32Array | Int32Array
  readonly copy: Float64Array
}

/** Runs a step; throws where the arena differs from the model. */
const advance = (kernels: Kernels.Kernels, held: Array<Held>, next: Step, mark: number) => {
  const { arena } = kernels
  if (next.kind === "allocate") {
    const before = arena.used
    try {
      const array = arena[next.type](next.length)
      same("fresh", array, new Float64Array(next.length))
      array.fill(mark)
      held.push({ array, copy: Float64Array.from(array) })
    } catch (error) {
      if (!(error instanceof ArenaFull)) throw error
      same("used after ArenaFull", [arena.used], [before])
    }
    return
  }
  if (held.length === 0) return
  const chosen = held[next.which % held.length]!
  if (next.kind === "release") {
    held.splice(next.which % held.length, 1)
    arena.release(chosen.array)
    return
  }
  // A product with ordinary arrays takes copies from the arena, and gives them back even where they do not fit.
  const n = next.size
  const before = arena.used
  const [a, c] = [new Float64Array(n * n).fill(1), new Float64Array(n * n)]
  try {
    kernels.gemm(false, false, n, n, n, 1, a, a, 0, c)
    same("product", c, new Float64Array(n * n).fill(n))
  } catch (error) {
    if (!(error instanceof ArenaFull)) throw error
  }
  same("used after a product", [arena.used], [before])
  if (chosen.array instanceof Float64Array) {
    const ones = new Float64Array(chosen.array.length).fill(1)
    kernels.axpy(1, ones, chosen.array)
    for (let i = 0; i < chosen.copy.length; i++) chosen.copy[i] = chosen.copy[i]! + 1
  }
}

export const memoryLaws: ReadonlyArray<Law> = [
  law(
    "arena: views keep their contents through any interleaving of allocation, release and use",
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const kernels = Kernels.makeStrict({ capacity })
      const held: Array<Held> = []
      steps.forEach((next, i) => {
        advance(kernels, held, next, i)
        for (const { array, copy } of held) same("contents", array, copy)
      })
      for (const { array } of held) kernels.arena.release(array)
      same("used at the end", [kernels.arena.used], [0])
      // Nothing is fragmented for good: the whole arena can be had in one piece again.
      same("length", [kernels.arena.f64(capacity / 8).length], [capacity / 8])
    }),
  ),
  law(
    "gemm and gemv: overlapping arguments give the result of distinct copies",
    fc.property(
      fc.integer({ min: 1, max: 9 }),
      fc.nat(40),
      fc.nat(40),
      fc.boolean(),
      fc.boolean(),
      fc.nat(1000),
      (n, shiftB, shiftC, inside, compiled, seed) => {
        const kernels = compiled ? Kernels.strict() : Kernels.reference()
        const numbers = doubles({ seed, decades: 0 }, "numbers", n * n + 40)
        const shared = inside ? kernels.arena.f64(numbers.length) : numbers.slice()
        shared.set(numbers)
        const part = (from: number) => shared.subarray(from, from + n * n)
        const [a, b, c] = [part(0), part(shiftB), part(shiftC)]
        const expected = c.slice()
        Kernels.reference().gemm(false, true, n, n, n, 1, a.slice(), b.slice(), -0.5, expected)
        kernels.gemm(false, true, n, n, n, 1, a, b, -0.5, c)
        same("gemm", c, expected)

        shared.set(numbers)
        const [x, y] = [shared.subarray(shiftB, shiftB + n), shared.subarray(shiftC, shiftC + n)]
        const product = y.slice()
        Kernels.reference().gemv(true, n, n, 1, a.slice(), x.slice(), 2, product)
        kernels.gemv(true, n, n, 1, a, x, 2, y)
        same("gemv", y, product)
        if (inside) kernels.arena.release(shared)
      },
    ),
  ),
]
