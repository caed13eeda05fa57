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
 * - `RelaxedKernels`, a module of its own: fused multiply-adds where the machine has them; faster, but the last bits depend on the machine.
 *
 * Ordinary arrays are copied in and out where that pays, and small problems run as plain loops. Arrays of `arena` are used in
 * place. The memory is created at its full size and never grows, so views stay valid; see Arena.
 */
import * as Context from "effect/Context"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import type { Arena } from "./Arena.ts"
import { ArenaFull } from "./ArenaFull.ts"
import { invalid } from "./InvalidInput.ts"
import { compiled, type Engine, plain } from "./kernels/Engine.ts"
import { type MatrixKernels, matrixKernels } from "./kernels/MatrixKernels.ts"
import { type TridiagonalKernels, tridiagonalKernels } from "./kernels/TridiagonalKernels.ts"
import { type ChainKernels, chainKernels } from "./kernels/ChainKernels.ts"
import { type FactorKernels, factorKernels } from "./kernels/FactorKernels.ts"
import { type GridKernels, gridKernels } from "./kernels/GridKernels.ts"
import { type ImageKernels, imageKernels } from "./kernels/ImageKernels.ts"
import type { LoopKernels } from "./kernels/Loops.ts"
import { type NetworkKernels, networkKernels } from "./kernels/NetworkKernels.ts"
import { type RandomKernels, randomKernels } from "./kernels/RandomKernels.ts"
import { type SymmetricKernels, symmetricKernels } from "./kernels/SymmetricKernels.ts"
import { type SparseKernels, sparseKernels } from "./kernels/SparseKernels.ts"
import { type SpectralKernels, spectralKernels } from "./kernels/SpectralKernels.ts"
import { base64 } from "./kernels/strict.generated.ts"
import { type VectorKernels, vectorKernels } from "./kernels/VectorKernels.ts"
export type { Activation } from "./kernels/NetworkKernels.ts"

/** Every kernel over one memory. */
export interface Kernels
  extends
    VectorKernels,
    MatrixKernels,
    SymmetricKernels,
    FactorKernels,
    GridKernels,
    ImageKernels,
    TridiagonalKernels,
    ChainKernels,
    LoopKernels,
    NetworkKernels,
    RandomKernels,
    SparseKernels,
    SpectralKernels {
  readonly name: "strict" | "relaxed" | "reference" | "compiled"
  /** Promises the bits of the plain loops of `reference`, on every machine; else sums may be in any order, with or without fused multiply-adds. */
  readonly isReproducible: boolean
  /** Uses ordinary arrays where they are; else only those of the arena are, and others are copied at every call. */
  readonly worksInPlace: boolean
  /** Allocates in the memory of these kernels. */
  readonly arena: Arena
  /** Kernels of the same build with a memory of their own, of `capacity` bytes. */
  readonly withCapacity: (capacity: number) => Kernels
}

/** The memory of kernels. */
export interface Options {
  /** Bytes of the arena, from which copies of ordinary arrays are taken too; default 256 MiB (of address space until touched). */
  readonly capacity?: number
}

export const defaultCapacity = 2 ** 28
const largestCapacity = 2 ** 32 - 2 ** 21

/**
 * The capacity in whole cache lines.
 *
 * @internal
 */
export const sizeOf = (options: Options, otherwise: number): number => {
  const { capacity = otherwise } = options
  if (!(capacity >= 0 && capacity <= largestCapacity)) {
    invalid("Kernels", "capacity must be from 0 to 2^32 - 2^21 bytes", { capacity })
  }
  return Math.ceil(capacity / 64) * 64
}

/**
 * All kernels of an engine.
 *
 * @internal
 */
export const assemble = (
  { isReproducible, name }: Pick<Kernels, "isReproducible" | "name">,
  engine: Engine,
  withCapacity: Kernels["withCapacity"],
): Kernels => ({
  name,
  isReproducible,
  worksInPlace: engine.exports === undefined,
  arena: engine.arena,
  withCapacity,
  ...(engine.load && { load: engine.load }),
  ...vectorKernels(engine),
  ...matrixKernels(engine),
  ...symmetricKernels(engine),
  ...factorKernels(engine),
  ...gridKernels(engine),
  ...imageKernels(engine),
  ...tridiagonalKernels(engine),
  ...chainKernels(engine),
  ...networkKernels(engine),
  ...randomKernels(engine),
  ...sparseKernels(engine),
  ...spectralKernels(engine),
})

/** A build of the kernels, which programs load for themselves: `strict` here, and that of `RelaxedKernels`. */
export interface Build {
  readonly name: "strict" | "relaxed"
  readonly isReproducible: boolean
  /** The module of WebAssembly. */
  readonly base64: string
  /** Kernels of it with a memory of their own, or the nearest ones that the engine can have. */
  readonly make: (options?: Options) => Kernels
}

/**
 * Kernels of a build in a memory of their own; undefined where the engine lacks its instructions.
 *
 * @internal
 */
export const embedded = (build: Omit<Build, "make">, options: Options): Kernels | undefined => {
  const engine = compiled(build.base64, sizeOf(options, defaultCapacity))
  return (
    engine &&
    assemble(
      build,
      engine,
      (capacity) => embedded(build, { capacity }) ?? makeReference({ capacity }),
    )
  )
}

/** Plain TypeScript with an arena of its own. */
export const makeReference = (options: Options = {}): Kernels =>
  assemble(
    { name: "reference", isReproducible: true },
    plain(sizeOf(options, 2 ** 24)),
    (capacity) => makeReference({ capacity }),
  )

const strictModule = { name: "strict", isReproducible: true, base64 } as const

/**
 * Strict kernels with a memory of their own; plain TypeScript (the same bits) where WebAssembly SIMD is absent.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Kernels } from "@nonconvex/numerics"
 *
 * const { arena, norm } = Kernels.makeStrict({ capacity: 2 ** 16 })
 * const x = arena.f64(2) // in the memory of these kernels alone
 * x.set([3, 4])
 * norm(x) // => 5
 * ```
 */
export const makeStrict = (options: Options = {}): Kernels =>
  embedded(strictModule, options) ?? makeReference(options)

/** The strict build, as `SharedKernels` takes it. */
export const strictBuild: Build = { ...strictModule, make: makeStrict }

/**
 * Caches the result of `create`, made at the first call.
 *
 * @internal
 */
export const once = (create: () => Kernels) => {
  let made: Kernels | undefined
  return () => (made ??= create())
}

/** The strict kernels of this thread, made at the first call. */
export const strict = once(makeStrict)

/** The plain TypeScript kernels of this thread, made at the first call. */
export const reference = once(makeReference)

/** Kernels were taken by default where all that computes must use those it was given. */
export class KernelsNotGiven extends Schema.TaggedError<KernelsNotGiven>()("KernelsNotGiven", {}) {
  override get message(): string {
    return "a function took the standard kernels where only given ones may be used: pass on the kernels of its caller (the last argument or the option `kernels`)"
  }
}

/** Number of active calls of `onlyGiven`. */
let strictness = 0

/**
 * The strict kernels of this thread: the default of the last argument or the option `kernels` of a plain function, for calls without
 * a program around them. Throws KernelsNotGiven inside `onlyGiven`.
 */
export const standard = (): Kernels => {
  if (strictness > 0) throw new KernelsNotGiven()
  return strict()
}

/**
 * Runs `use`, and meanwhile makes `standard` throw KernelsNotGiven: shows that kernels given to `use` reach all that it computes. It
 * ends when `use` returns, so a promise or a generator that `use` returns must be used up inside.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Effect } from "effect"
 * import { Kernels, SymmetricEigen } from "@nonconvex/numerics"
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
 * These kernels where their arena has `bytes` left in one piece, else kernels of the same build with a memory of their own for as
 * much. Throws ArenaFull where neither is possible.
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
 * For many products with one matrix: these kernels where they use it in place, else the plain loops of the strict order, which cost
 * less than a copy of the matrix at every call.
 */
export const inPlace = (kernels: Kernels, matrix: Float64Array): Kernels =>
  kernels.worksInPlace || kernels.arena.holds(matrix) ? kernels : reference()

/** The kernels of a program, which whatever computes in it requires. */
export class Current extends Context.Service<Current, Kernels>()("@nonconvex/numerics/Kernels") {}

/** The strict kernels of this thread: the same bits on every machine. */
export const layerStrict: Layer.Layer<Current> = Layer.sync(Current, strict)

/** The plain TypeScript kernels of this thread: the bits of the strict ones. */
export const layerReference: Layer.Layer<Current> = Layer.sync(Current, reference)

export type { CompiledLoop } from "./kernels/Loops.ts"
