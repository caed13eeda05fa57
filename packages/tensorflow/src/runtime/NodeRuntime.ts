/** The backend of tfjs-node, TensorFlow's own library, which only Node can load. */
import { BackendUnavailable } from "@nonconvex/numerics/BackendUnavailable"
import * as tf from "@tensorflow/tfjs"
import { Config, Effect, Layer, Option } from "effect"
import { orElse, portable, reasonOf, select } from "./Backend.ts"
import * as NodeBinding from "./NodeBinding.ts"
import { TensorRuntime } from "./TensorRuntime.ts"

/** The environment variable that names the folder of a tfjs-node; without it the package of that name is taken. */
export const folderVariable = "NONCONVEX_TFJS_NODE"

const nodeRemedy = `Build it as the README of @nonconvex/tensorflow says, or name its folder in ${folderVariable}.`

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

/** The fastest backend that is there: node, else wasm, else cpu. */
export const layerFastest = Layer.effect(
  TensorRuntime,
  orElse(
    Effect.map(node, (runtime) => ({ ...runtime, because: "node, the fastest, is there" })),
    portable,
  ),
)
