/**
 * Kernels with fused multiply-adds on machines that have them, compiled to WebAssembly: faster than strict ones, with
 * machine-dependent last bits.
 *
 * @example
 * ```ts import.meta.vitest
 * import * as RelaxedKernels from "@nonconvex/numerics/RelaxedKernels"
 *
 * RelaxedKernels.relaxed().norm(Float64Array.of(0.6, 0.8)) // ≈ 1.000
 * ```
 *
 * This is a separate build, which is only loaded by programs that import this module.
 */
import * as Layer from "effect/Layer"
import { Current } from "./Kernels.ts"
import { base64 } from "./kernels/relaxed.generated.ts"
import {
  type Build,
  embedded,
  type Kernels,
  makeStrict,
  once,
  type Options,
} from "./internal/Build.ts"

const relaxedModule = { name: "relaxed", isReproducible: false, base64 } as const

/** Relaxed kernels with a memory of their own; strict ones where the engine lacks relaxed SIMD. */
export const make = (options: Options = {}): Kernels =>
  embedded(relaxedModule, options) ?? makeStrict(options)

/** The relaxed build, for `SharedKernels`. */
export const build: Build = { ...relaxedModule, make }

/** The relaxed kernels of this thread, made at the first call. */
export const relaxed = once(make)

/** Layer with the relaxed kernels of this thread as the program's kernels. */
export const layer: Layer.Layer<Current> = Layer.sync(Current, relaxed)
