/**
 * Kernels whose large operations are shared by several threads over one memory. Node only.
 *
 * Large operations are shared: products of float64 matrices (gemm), of a matrix and a vector (gemv, symmetricProduct), and
 * Gram matrices (syrk). Each number is computed by one thread, in the same order as on a single thread. The bits are
 * therefore the same for any number of threads. A program that already computes on one thread per core has no spare core for
 * them.
 *
 * If a thread ends, another one does its remaining work with the same bits, if that is repeatable. If it ends within an
 * operation that overwrites its inputs (`beta` is not 0), the operation throws ThreadLost.
 *
 * @example
 * ```ts import.meta.vitest
 * import * as SharedKernels from "@nonconvex/numerics/SharedKernels"
 *
 * const { arena, gemm } = SharedKernels.make(2, { capacity: 2 ** 20 })
 * const a = arena.f64(4)
 * a.set([1, 2, 3, 4])
 * const c = new Float64Array(4)
 * gemm(false, true, 2, 2, 2, 1, a, a, 0, c)
 * Array.from(c) // => [5, 11, 11, 25]
 * ```
 */
import * as Layer from "effect/Layer"
import { make as sharedKernels } from "./internal/shared/make.ts"
import * as Threads from "./internal/shared/Threads.ts"
import { Current } from "./Kernels.ts"
import * as Require from "./Require.ts"
import { type Build, type Kernels, type Options, strictBuild } from "./internal/Build.ts"

/** Kernels shared by several threads. Those from `withCapacity` use only this thread. */
export interface SharedKernels extends Kernels {
  /** Number of threads so far, including this one; the others start within a few hundredths of a second. */
  readonly started: () => number
}

/** Maximum number of threads, above the number of cores of any current machine. */
const mostThreads = 256

/**
 * Kernels with their own memory, shared by `threads` threads including this one. With one thread, or without engine support,
 * they are those of `build`, default strict. Until the other threads have started, this one computes alone. The threads
 * fall asleep about 0.2 ms after an operation, and end with the program. An additional thread starts them and watches for
 * their end.
 *
 * Throws InvalidInput unless `threads` is an integer from 1 to 256, and ArenaFull if the machine lacks memory.
 */
export const make = (
  threads: number,
  options: Options & { readonly build?: Build } = {},
): SharedKernels => {
  Require.count("SharedKernels.make", "threads", threads, 1, mostThreads)
  return sharedKernels(threads, options, Threads.own)
}

/** Kernels of a program that `threads` threads share; see `make`. */
export const layer = (threads: number, build: Build = strictBuild): Layer.Layer<Current> =>
  Layer.sync(Current, () => make(threads, { build }))
