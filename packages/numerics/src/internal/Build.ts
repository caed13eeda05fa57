/** Builds of the kernels: WebAssembly modules, and plain TypeScript in the same order of operations. */
import type { Arena } from "./Arena.ts"
import { invalid } from "../InvalidInput.ts"
import { compiled, type Engine, plain } from "../kernels/Engine.ts"
import { type MatrixKernels, matrixKernels } from "../kernels/MatrixKernels.ts"
import { type TridiagonalKernels, tridiagonalKernels } from "../kernels/TridiagonalKernels.ts"
import { type ChainKernels, chainKernels } from "../kernels/ChainKernels.ts"
import { type FactorKernels, factorKernels } from "../kernels/FactorKernels.ts"
import { type GridKernels, gridKernels } from "../kernels/GridKernels.ts"
import { type ImageKernels, imageKernels } from "../kernels/ImageKernels.ts"
import type { LoopKernels } from "../kernels/Loops.ts"
import { type NetworkKernels, networkKernels } from "../kernels/NetworkKernels.ts"
import { type RandomKernels, randomKernels } from "../kernels/RandomKernels.ts"
import { type SymmetricKernels, symmetricKernels } from "../kernels/SymmetricKernels.ts"
import { type SparseKernels, sparseKernels } from "../kernels/SparseKernels.ts"
import { type SpectralKernels, spectralKernels } from "../kernels/SpectralKernels.ts"
import { base64 } from "../kernels/strict.generated.ts"
import { type VectorKernels, vectorKernels } from "../kernels/VectorKernels.ts"

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
  /**
   * True if results equal those of the plain loops of `reference` bit for bit, on every machine; otherwise sums may be in
   * any order, with or without fused multiply-adds.
   */
  readonly isReproducible: boolean
  /** True if ordinary arrays are used in place; otherwise only those of the arena are, and others are copied at every call. */
  readonly worksInPlace: boolean
  /** Allocates in the memory of these kernels. */
  readonly arena: Arena
  /** Kernels of the same build with a memory of their own, of `capacity` bytes. */
  readonly withCapacity: (capacity: number) => Kernels
}

/** The memory of kernels. */
export interface Options {
  /** Bytes of the arena, which also holds copies of ordinary arrays; default 256 MiB (of address space until touched). */
  readonly capacity?: number
}

export const defaultCapacity = 2 ** 28

export const largestCapacity = 2 ** 32 - 2 ** 21

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

/** Build of the kernels, which programs load separately: `strict` here, and that of `RelaxedKernels`. */
export interface Build {
  readonly name: "strict" | "relaxed"
  readonly isReproducible: boolean
  /** The module of WebAssembly. */
  readonly base64: string
  /** Kernels of this build with their own memory, or the closest ones that the engine supports. */
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

/** The strict build, for `SharedKernels`. */
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
