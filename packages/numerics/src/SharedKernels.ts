/**
 * Kernels whose large operations several threads share, over one memory. Node only.
 *
 * Shared are products of float64 matrices (gemm), of a matrix and a vector (gemv, and with it what rests on it, such as Lanczos runs), and Gram matrices (syrk), from
 * the size on from which that pays. Each number is computed by one thread in the order in which one thread alone computes it: the bits are the same on any
 * number of threads. A program that computes on a thread for each core already has no core to spare for them.
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
import { Worker } from "node:worker_threads"
import { Arena } from "./Arena.ts"
import type { Told } from "./internal/shared/worker.ts"
import * as Work from "./internal/shared/Work.ts"
import {
  assemble,
  Current,
  defaultCapacity,
  type Kernels,
  makeRelaxed,
  makeStrict,
  type Options,
  sizeOf,
} from "./Kernels.ts"
import { over, page, reserve } from "./kernels/Engine.ts"
import { type Exports, reserved } from "./kernels/Exports.ts"
import { base64 as relaxedBytes } from "./kernels/sharedRelaxed.generated.ts"
import { base64 as strictBytes } from "./kernels/sharedStrict.generated.ts"
import * as Require from "./Require.ts"

declare const WebAssembly: {
  readonly validate: (bytes: Uint8Array) => boolean
  readonly Memory: new (size: {
    readonly initial: number
    readonly maximum: number
    readonly shared: true
  }) => { readonly buffer: SharedArrayBuffer }
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (module: object, imports: object) => { readonly exports: object }
}

/** Kernels that several threads share. Those of `withCapacity` are of this thread alone. */
export interface SharedKernels extends Kernels {
  /** How many threads there are by now, this one among them: the others start in some hundredths of a second. */
  readonly started: () => number
}

/** More threads than any machine of today has cores are a mistake. */
const mostThreads = 256

/** Multiply-adds from which on a product is worth waking threads for: some tens of microseconds of one. */
const leastProduct = 2 ** 22
const leastVector = 2 ** 19

/** Rows of whole tiles, of both builds, and columns of whole vectors. */
const tile = 60
const vector = 8

/** The begins of `threads` parts of `size`, each a multiple of `unit` but for the last, and their end. */
const partsOf = (size: number, threads: number, unit: number): ReadonlyArray<number> =>
  Array.from({ length: threads + 1 }, (_, t) =>
    t === threads ? size : Math.min(size, Math.round((size * t) / threads / unit) * unit),
  )

/** Kernels that share their large operations. */
const sharing = (
  wasm: Exports,
  together: (shares: ReadonlyArray<Work.Share>) => void,
  threads: number,
): Exports => ({
  ...wasm,
  gemm: (...given) => {
    const [ta, tb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc] = given
    if (m * n * k < leastProduct) return wasm.gemm(...given)
    const byRows = m >= n
    const parts = partsOf(byRows ? m : n, threads, byRows ? tile : vector)
    together(
      parts.slice(1).map((end, t) => {
        const begin = parts[t]!
        const size = end - begin
        const [rows, columns] = byRows ? [size, n] : [m, size]
        const from = byRows ? a + 8 * begin * (ta === 1 ? 1 : lda) : a
        const other = byRows ? b : b + 8 * begin * (tb === 1 ? ldb : 1)
        const to = c + 8 * begin * (byRows ? ldc : 1)
        const matrices = [from, lda, other, ldb, beta, to, ldc] as const
        return [Work.kinds.gemm, ta, tb, rows, columns, k, alpha, ...matrices] as const
      }),
    )
  },
  gemv: (...given) => {
    const [transpose, m, n, alpha, a, lda, x, beta, y] = given
    if (m * n < leastVector) return wasm.gemv(...given)
    const byRows = transpose === 0
    const parts = partsOf(byRows ? m : n, threads, vector)
    together(
      parts.slice(1).map((end, t) => {
        const begin = parts[t]!
        const [rows, columns] = byRows ? [end - begin, n] : [m, end - begin]
        const from = a + 8 * begin * (byRows ? lda : 1)
        const to = y + 8 * begin
        return [Work.kinds.gemv, transpose, rows, columns, alpha, from, lda, x, beta, to] as const
      }),
    )
  },
  syrk: (...given) => {
    const [transpose, n, k, alpha, a, beta, c] = given
    if ((n * n * k) / 2 < leastProduct) return wasm.syrk(...given)
    const args = [transpose, n, k, alpha, a, beta, c] as const
    together(
      Array.from({ length: threads }, (_, t) => [Work.kinds.syrk, ...args, t, threads] as const),
    )
    wasm.mirror(n, c)
  },
})

const start = (told: Told): void => {
  const ending = import.meta.url.endsWith(".ts") ? "ts" : "js"
  const worker = new Worker(new URL(`./internal/shared/worker.${ending}`, import.meta.url), {
    workerData: told,
  })
  // no program waits for threads that sleep
  worker.unref()
}

/**
 * Kernels with a memory of their own that `threads` threads share, this one among them; with one thread, and where the engine lacks what they need, those of `Kernels`. Until the
 * threads have started, this one computes alone. They sleep between operations, and end with the program.
 *
 * Throws InvalidInput unless `threads` is an integer from 1 to 256, ArenaFull where the machine has no room for the memory.
 *
 * @example
 * ```ts import.meta.vitest
 * import * as SharedKernels from "@nonconvex/numerics/SharedKernels"
 *
 * const { dot, name } = SharedKernels.make(2, { build: "strict", capacity: 2 ** 20 })
 * name // => "strict"
 * dot(Float64Array.of(1, 2), Float64Array.of(3, 4)) // => 11
 * SharedKernels.make(1, { capacity: 2 ** 20 }).started() // => 1
 * ```
 */
export const make = (
  threads: number,
  options: Options & { readonly build?: "strict" | "relaxed" } = {},
): SharedKernels => {
  Require.count("SharedKernels.make", "threads", threads, 1, mostThreads)
  const { build = "strict" } = options
  const alone = build === "strict" ? makeStrict : makeRelaxed
  const bytes = Buffer.from(build === "strict" ? strictBytes : relaxedBytes, "base64")
  if (threads === 1 || !WebAssembly.validate(bytes)) return { ...alone(options), started: () => 1 }
  const own = shareBytesOf(threads)
  const capacity = sizeOf(options, defaultCapacity) + own
  const pages = Math.ceil((capacity + reserved) / page)
  const memory = reserve(
    capacity,
    () => new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true }),
  )
  const module = new WebAssembly.Module(bytes)
  const wasm = new WebAssembly.Instance(module, { env: { memory } }).exports as Exports
  // views of it behave alike, but that they are never detached
  const arena = new Arena(memory.buffer as unknown as ArrayBuffer, reserved, capacity)
  const control = arena.take(Work.shareBytes * (threads + 1))
  const words = new Int32Array(memory.buffer, control, 8)
  for (let index = 1; index < threads; index++) {
    start({ module, memory, control, work: arena.take(Work.packBytes), index })
  }
  const together = (shares: ReadonlyArray<Work.Share>): void => {
    if (Atomics.load(words, Work.words.ready) < threads - 1) {
      for (const share of shares) Work.run(wasm, share, 0)
      return
    }
    for (let t = 1; t < threads; t++) {
      new Float64Array(memory.buffer, control + t * Work.shareBytes, 32).set(shares[t]!)
    }
    Atomics.store(words, Work.words.done, 0)
    Atomics.add(words, Work.words.operation, 1)
    Atomics.notify(words, Work.words.operation)
    Work.run(wasm, shares[0]!, 0)
    for (;;) {
      const done = Atomics.load(words, Work.words.done)
      if (done === threads - 1) return
      Atomics.wait(words, Work.words.done, done)
    }
  }
  const engine = over(sharing(wasm, together, threads), arena)
  return {
    ...assemble(build, engine, (more) => alone({ capacity: more })),
    started: () => 1 + Atomics.load(words, Work.words.ready),
  }
}

/** What the threads take of the memory beside the arena. */
const shareBytesOf = (threads: number): number =>
  64 * Math.ceil((Work.shareBytes * (threads + 1)) / 64) + (threads - 1) * Work.packBytes

/**
 * Kernels of a program that `threads` threads share; see `make`.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Effect } from "effect"
 * import { Kernels } from "@nonconvex/numerics"
 * import * as SharedKernels from "@nonconvex/numerics/SharedKernels"
 *
 * const product = Effect.map(Kernels.Current, ({ dot }) => dot(Float64Array.of(1, 2), Float64Array.of(3, 4)))
 * Effect.runSync(Effect.provide(product, SharedKernels.layer(2))) // => 11
 * ```
 */
export const layer = (
  threads: number,
  build: "strict" | "relaxed" = "strict",
): Layer.Layer<Current> => Layer.sync(Current, () => make(threads, { build }))
