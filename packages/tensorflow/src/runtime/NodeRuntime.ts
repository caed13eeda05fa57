/** The backend of tfjs-node, TensorFlow's own library, which only Node can load. */
import { BackendUnavailable } from "@nonconvex/numerics/BackendUnavailable"
import * as tf from "@tensorflow/tfjs"
import { Config, Effect, Layer, Option } from "effect"
import { orElse, portable, reasonOf, select, wasm } from "./Backend.ts"
import { registerCompiled } from "./CompiledKernels.ts"
import type { CompiledModule } from "./CompiledModule.ts"
import * as NodeBinding from "./NodeBinding.ts"
import { TensorRuntime } from "./TensorRuntime.ts"

/** The environment variable that names the folder of a tfjs-node; without it the package of that name is used. */
export const folderVariable = "NONCONVEX_TFJS_NODE"

const nodeRemedy = `Build it (see the README of @nonconvex/tensorflow), or set its folder in ${folderVariable}.`

const node = Effect.gen(function* () {
  const unavailable = (cause: unknown) =>
    new BackendUnavailable({
      backend: "the node backend",
      reason: reasonOf(cause),
      remedy: nodeRemedy,
    })
  const folder = yield* Config.option(Config.NonEmptyString(folderVariable)).pipe(
    Effect.mapError(unavailable),
  )
  const load = Effect.try({
    try: () => NodeBinding.load(Option.getOrUndefined(folder), tf.engine),
    catch: unavailable,
  })
  return yield* select("node", load, nodeRemedy)
})

/** tfjs-node; fails with BackendUnavailable where it was not built. */
export const layerNode = Layer.effect(TensorRuntime, node)

/** Package name resolved at run time: compiled kernels are an optional install. */
const optional: string = "@nonconvex/native/Addon"

/** Part of `@nonconvex/native` that is used here. */
interface Native {
  readonly load: () => Effect.Effect<CompiledModule, BackendUnavailable>
}

const compiledRemedy =
  "Run npm run build-native in a checkout of nonconvex, and install @nonconvex/native from it."

const compiledUnavailable = (cause: unknown) =>
  new BackendUnavailable({
    backend: "the backend with compiled kernels",
    reason: reasonOf(cause),
    remedy: compiledRemedy,
  })

const compiled = Effect.gen(function* () {
  const native = yield* Effect.tryPromise({
    try: () => import(/* @vite-ignore */ optional) as Promise<Native>,
    catch: compiledUnavailable,
  })
  const module = yield* native.load()
  const register = Effect.try({
    try: () => registerCompiled(module),
    catch: compiledUnavailable,
  })
  // the wasm backend is started first, whose memory it is
  return yield* select("compiled", Effect.andThen(Effect.scoped(wasm), register), compiledRemedy)
})

/**
 * The wasm backend with operations compiled for the machine by `@nonconvex/native`: convolutions, maximum pools, their gradients,
 * that of relu, and products of matrices. Sums are in another order than in wasm. Fails with BackendUnavailable where that is not
 * installed.
 */
export const layerCompiled = Layer.effect(TensorRuntime, compiled)

/** The fastest available backend: node, else wasm, else cpu. */
export const layerFastest = Layer.effect(
  TensorRuntime,
  orElse(
    Effect.map(node, (runtime) => ({
      ...runtime,
      because: "node, the fastest backend, is available",
    })),
    portable,
  ),
)
