/**
 * Kernels that fuse multiply-adds where the machine does, compiled to WebAssembly: faster than strict ones, with last bits that depend on the machine.
 *
 * @example
 * ```ts import.meta.vitest
 * import * as RelaxedKernels from "@nonconvex/numerics/RelaxedKernels"
 *
 * RelaxedKernels.relaxed().norm(Float64Array.of(0.6, 0.8)) // ≈ 1.000
 * ```
 *
 * They are a build of their own, which only programs load that import this module.
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

/** The relaxed build, as `SharedKernels` takes it. */
export const build: Build = { ...relaxedModule, make }

/** The relaxed kernels of this thread, made at the first call. */
export const relaxed = once(make)

/** The relaxed kernels of this thread as those of the program. */
export const layer: Layer.Layer<Current> = Layer.sync(Current, relaxed)
