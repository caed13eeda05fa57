/** The compiled module of this machine: its package and its functions. */
import { BackendUnavailable } from "@nonconvex/numerics/BackendUnavailable"
import type { Kernels } from "@nonconvex/numerics/Kernels"
import * as Effect from "effect/Effect"
import { createRequire } from "node:module"
import process from "node:process"

/** Signature of a compiled kernel: null if it refuses its arguments, having changed nothing. */
type Asked<Kernel> = Kernel extends (...given: infer Given) => infer Result
  ? (...given: Given) => Result | null
  : never

/** The same, with at most `threads` threads. */
type Shared<Kernel> = Kernel extends (...given: infer Given) => infer Result
  ? (...given: [...given: Given, threads: number]) => Result | null
  : never

/** Exports of the module; it checks every argument, so no call can access memory outside the given arrays. */
export interface Addon {
  /** Version of this package from which it was built. */
  readonly version: string
  /** Vector instructions that it uses on this processor. */
  readonly vectors: "AVX-512" | "AVX2" | "SSE2" | "NEON"
  readonly dot: Asked<Kernels["dot"]>
  readonly axpy: Asked<Kernels["axpy"]>
  readonly gemv: Shared<Kernels["gemv"]>
  readonly gemvBoth: Shared<Kernels["gemvBoth"]>
  /** Residual gradient over all rows of the matrix. */
  readonly residualGradient: (
    n: number,
    a: Float64Array,
    x: Float64Array,
    targets: Float64Array,
    alpha: number,
    residual: Float64Array,
    out: Float64Array,
    threads: number,
  ) => undefined | null
  readonly gemm: Shared<Kernels["gemm"]>
  readonly product: Shared<Kernels["product"]>
  readonly syrk: Shared<Kernels["syrk"]>
  readonly ger: Asked<Kernels["ger"]>
  readonly cholesky: Shared<Kernels["cholesky"]>
  readonly solveTriangular: Shared<Kernels["solveTriangular"]>
  /** Returns 1 if all numbers are finite, else 0. */
  readonly areFinite: (numbers: Float64Array) => number | null
  /** Rounds rows to a grid, given a ball's bound, steps and largest sum of squares. */
  readonly quantise: (
    bound: number,
    steps: number,
    largest: number,
    rows: Float64Array,
    centre: Float64Array,
    out: Float64Array,
  ) => number | null
  readonly symmetricProduct: Shared<Kernels["symmetricProduct"]>
  readonly symmetricStep: Asked<Kernels["symmetricStep"]>
  readonly hermitianStep: Asked<Kernels["hermitianStep"]>
  /** Eigenvalues and eigenvectors; `values` and `vectors` are undefined after a refusal. */
  readonly symmetricEigen: (
    n: number,
    from: number,
    to: number,
    a: Float64Array,
    values: Float64Array,
    vectors: Float64Array,
    threads: number,
  ) => undefined | null
  /** Convolution in float32; `shape` has the numbers listed in `crate/src/images/shape.rs`, as for the embedded kernels. */
  readonly convolve: Shared<Kernels["convolve"]>
  readonly filterGradient: Shared<Kernels["filterGradient"]>
  readonly imageGradient: Shared<Kernels["imageGradient"]>
  /** An empty gate means no gate. */
  readonly channelSums: (
    x: Float32Array,
    y: Float32Array,
    gate: Float32Array,
    sums: Float64Array,
    threads: number,
  ) => undefined | null
  /** An empty y or gate means none. */
  readonly combineChannels: (
    coefficients: Float32Array,
    x: Float32Array,
    y: Float32Array,
    gate: Float32Array,
    positive: boolean,
    out: Float32Array,
    threads: number,
  ) => undefined | null
  /** Writes as many outputs as channels, over windows of the size of the filter. */
  readonly maxPool: (
    shape: Uint32Array,
    images: Float32Array,
    out: Float32Array,
  ) => undefined | null
  readonly maxPoolGradient: (
    shape: Uint32Array,
    dy: Float32Array,
    images: Float32Array,
    largest: Float32Array,
    out: Float32Array,
  ) => undefined | null
  /** `dy` times 1 for positive numbers, times 0 for others, and times NaN for NaN. */
  readonly reluGradient: (
    numbers: Float32Array,
    dy: Float32Array,
    out: Float32Array,
  ) => undefined | null
}

/**
 * Platforms of a release, as Node names them.
 *
 * @internal
 */
export const platforms = [
  "linux-x64",
  "linux-arm64",
  "darwin-arm64",
  "darwin-x64",
  "win32-x64",
] as const

const require = createRequire(import.meta.url)

/** The platform of this process, and the name of the package with its module. */
const here = `${process.platform}-${process.arch}`
const packageOf = (platform: string) => `@nonconvex/native-${platform}`

const unavailable = (platform: string, reason: string) =>
  new BackendUnavailable({
    backend: "the compiled module of @nonconvex/native",
    reason,
    remedy: platforms.some((known) => known === platform)
      ? "Run npm run build-native in a checkout of nonconvex; it needs cargo"
      : `It exists for ${platforms.join(", ")}. Use the embedded kernels instead: they give the same results`,
  })

/** The first existing candidate; an error in loading it is reported, not hidden by the next candidate. */
const firstOf = (platform: string, places: ReadonlyArray<string>): unknown => {
  for (const place of places) {
    let resolved: string
    try {
      resolved = require.resolve(place)
    } catch {
      continue
    }
    try {
      return require(resolved)
    } catch (cause) {
      throw unavailable(platform, `${place} cannot be loaded: ${String(cause)}`)
    }
  }
  throw unavailable(platform, `${packageOf(platform)} is not installed`)
}

/** Loads the module of a platform. Throws BackendUnavailable. */
const find = (platform: string): Addon => {
  // the package that its user installed, and in a clone what `npm run build-native` made
  const root = require.resolve("@nonconvex/native/package.json").replace(/package\.json$/, "")
  const found = firstOf(platform, [packageOf(platform), `${root}platforms/${platform}`]) as Addon
  const { version } = require("@nonconvex/native/package.json") as { readonly version: string }
  if (found.version !== version) {
    throw unavailable(platform, `it has version ${found.version}, but ${version} is required`)
  }
  return found
}

/** The compiled module for `platform`, default that of this process. Fails with BackendUnavailable, which names the missing part. */
export const load = (platform: string = here): Effect.Effect<Addon, BackendUnavailable> =>
  Effect.try({
    try: () => find(platform),
    catch: (cause) =>
      cause instanceof BackendUnavailable ? cause : unavailable(platform, String(cause)),
  })
