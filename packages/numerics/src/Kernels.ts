/**
 * Dense float64 and float32 kernels, compiled to WebAssembly SIMD.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Kernels } from "@nonconvex/numerics"
 *
 * const { arena, gemm } = Kernels.strict()
 * const a = arena.f64(6) // in the memory of the kernels: used in place
 * a.set([1, 2, 3, 4, 5, 6])
 * const c = new Float64Array(4) // an ordinary array
 * gemm(false, true, 2, 2, 3, 1, a, a, 0, c) // C = A A^T
 * Array.from(c) // => [14, 32, 32, 77]
 * arena.release(a)
 * ```
 *
 * - `strict()`: the same bits on every machine, and the same bits as the plain loops of `reference()`.
 * - `reference()`: plain TypeScript in the same order as the strict build.
 * - `RelaxedKernels`, a separate module: fused multiply-adds on machines that have them; faster, but the last bits depend on
 *   the machine.
 *
 * Ordinary arrays are copied in and out if that pays, and small problems run as plain loops. Arrays of `arena` are used in
 * place. The memory is created at its full size and never grows, so views stay valid; see Arena.
 */
import * as Context from "effect/Context"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import { ArenaFull } from "./ArenaFull.ts"
import { largestCapacity, makeReference, makeStrict, once, type Kernels } from "./internal/Build.ts"

export { type Kernels, makeStrict } from "./internal/Build.ts"

export type { Activation } from "./kernels/NetworkKernels.ts"

/** The strict kernels of this thread, made at the first call. */
export const strict = once(makeStrict)

/** The plain TypeScript kernels of this thread, made at the first call. */
export const reference = once(makeReference)

/** Default kernels were used where all computations must use the given ones. */
export class KernelsNotGiven extends Schema.TaggedError<KernelsNotGiven>()("KernelsNotGiven", {}) {
  override get message(): string {
    return "a function used the standard kernels where only given ones are allowed: pass on the kernels of its caller (the last argument or the option `kernels`)"
  }
}

/** Number of active calls of `onlyGiven`. */
let strictness = 0

/**
 * Strict kernels of this thread. They are the default for the last argument or the option `kernels` of plain functions
 * called outside a program. Throws KernelsNotGiven inside `onlyGiven`.
 */
export const standard = (): Kernels => {
  if (strictness > 0) throw new KernelsNotGiven()
  return strict()
}

/**
 * Runs `use` while `standard` throws KernelsNotGiven: shows that kernels given to `use` reach all its computations. The
 * check ends when `use` returns, so a promise or generator must be consumed inside.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Effect } from "effect"
 * import { Kernels } from "@nonconvex/numerics"
 * import * as SymmetricEigen from "@nonconvex/numerics/SymmetricEigen"
 * import * as Seam from "@nonconvex/numerics/Seam"
 *
 * const a = Float64Array.of(2, 1, 1, 2)
 * Kernels.onlyGiven(() => SymmetricEigen.eigenvalues(a, 2, Kernels.reference())) // ≈ [1.000, 3.000]
 * const forgetful = () => Kernels.onlyGiven(() => SymmetricEigen.eigenvalues(a, 2))
 * Effect.runSync(Effect.flip(Seam.attempt([Kernels.KernelsNotGiven], forgetful)))._tag // => "KernelsNotGiven"
 * ```
 */
export const onlyGiven = <A>(use: () => A): A => {
  strictness++
  try {
    return use()
  } finally {
    strictness--
  }
}

/** Extra bytes for aligning arrays to cache lines, and for copies of small arrays. */
const slack = 2 ** 16

/**
 * These kernels if their arena has `bytes` left in one piece. Otherwise kernels of the same build with a separate memory of
 * that size. Throws ArenaFull if neither is possible.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Kernels } from "@nonconvex/numerics"
 *
 * const kernels = Kernels.makeStrict({ capacity: 2 ** 18 })
 * Kernels.withRoom(kernels, 2 ** 10) === kernels // => true
 * Kernels.withRoom(kernels, 2 ** 20).arena.capacity >= 2 ** 20 // => true
 * ```
 */
export const withRoom = (kernels: Kernels, bytes: number): Kernels => {
  const { capacity, largestFree, used } = kernels.arena
  const requested = bytes + slack
  if (requested <= largestFree) return kernels
  if (requested > largestCapacity) {
    throw new ArenaFull({ requested, largestFree, used, capacity })
  }
  return kernels.withCapacity(requested)
}

/**
 * Kernels for many products with one matrix. These kernels if they use it in place, otherwise plain loops in the strict
 * order, which avoid a copy at every call.
 */
export const inPlace = (kernels: Kernels, matrix: Float64Array): Kernels =>
  kernels.worksInPlace || kernels.arena.holds(matrix) ? kernels : reference()

/** Kernels of a program, required by all of its computations. */
export class Current extends Context.Service<Current, Kernels>()("@nonconvex/numerics/Kernels") {}

/** The strict kernels of this thread: the same bits on every machine. */
export const layerStrict: Layer.Layer<Current> = Layer.sync(Current, strict)

/** The plain TypeScript kernels of this thread: the bits of the strict ones. */
export const layerReference: Layer.Layer<Current> = Layer.sync(Current, reference)

export type { CompiledLoop } from "./kernels/Loops.ts"
