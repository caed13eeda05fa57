/** Which backend of TensorFlow.js computes, and why that one. */
import { BackendUnavailable } from "@nonconvex/numerics/BackendUnavailable"
import * as tf from "@tensorflow/tfjs"
import { Config, Context, Effect, Layer, Option } from "effect"
import type { Scope } from "effect"
import { completeWasm } from "./WasmKernels.ts"

export type Backend = "node" | "wasm" | "cpu"

interface Runtime {
  readonly backend: Backend
  /** One sentence: what was chosen, and why not what would have been faster. */
  readonly because: string
  /** Backends that were tried first and are not there. */
  readonly passedOver: ReadonlyArray<BackendUnavailable>
}

/** The environment variable that names the folder of a tfjs-node; without it the package of that name is taken. */
export const folderVariable = "NONCONVEX_TFJS_NODE"

/** What TensorFlow.js calls the backend. */
const registered: Readonly<Record<Backend, string>> = {
  node: "tensorflow",
  wasm: "wasm",
  cpu: "cpu",
}

const reasonOf = (cause: unknown): string =>
  (cause instanceof Error ? cause.message : String(cause)).trim().split("\n")[0]!

/** Makes `backend` the current one until the scope closes. */
const select = (
  backend: Backend,
  prepare: Effect.Effect<void, BackendUnavailable>,
  remedy: string,
): Effect.Effect<Runtime, BackendUnavailable, Scope.Scope> => {
  const unavailable = (cause: unknown) =>
    new BackendUnavailable({ backend: `the ${backend} backend`, reason: reasonOf(cause), remedy })
  const set = Effect.tryPromise({
    try: async () => {
      if (!(await tf.setBackend(registered[backend]))) throw new Error("it does not initialise")
    },
    catch: unavailable,
  })
  return Effect.acquireRelease(
    Effect.gen(function* () {
      // undefined before the first use of TensorFlow.js
      const before: string | undefined = tf.getBackend()
      yield* prepare
      yield* set
      return before
    }),
    (before) =>
      before === undefined || before === registered[backend]
        ? Effect.void
        : Effect.promise(() => tf.setBackend(before)),
  ).pipe(
    Effect.map(() => ({ backend, because: `${backend}, as it was asked for`, passedOver: [] })),
  )
}

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
  const load = Effect.tryPromise({
    try: async () => {
      const { load: loadBinding } = await import("./NodeBinding.ts")
      loadBinding(Option.getOrUndefined(folder), tf.engine)
    },
    catch: unavailable,
  })
  return yield* select("node", load, nodeRemedy)
})

const wasmRemedy =
  "Install @tensorflow/tfjs-backend-wasm, or in a browser serve its .wasm files and call setWasmPaths."

const wasm = select(
  "wasm",
  Effect.tryPromise({
    try: async () => {
      await import("@tensorflow/tfjs-backend-wasm")
      completeWasm()
    },
    catch: (cause) =>
      new BackendUnavailable({
        backend: "the wasm backend",
        reason: reasonOf(cause),
        remedy: wasmRemedy,
      }),
  }),
  wasmRemedy,
)

const cpu = select("cpu", Effect.void, "It is part of @tensorflow/tfjs: install that again.")

const fallingBack = (
  to: Effect.Effect<Runtime, BackendUnavailable, Scope.Scope>,
  failure: BackendUnavailable,
): Effect.Effect<Runtime, BackendUnavailable, Scope.Scope> =>
  Effect.map(to, (runtime) => ({
    ...runtime,
    passedOver: [failure, ...runtime.passedOver],
    because: `${runtime.backend}, because ${[failure, ...runtime.passedOver]
      .map(({ backend, reason }) => `${backend} is not there (${reason})`)
      .join(" and ")}`,
  }))

const best = node.pipe(
  Effect.map((runtime) => ({ ...runtime, because: "node, the fastest, is there" })),
  Effect.catchTag("BackendUnavailable", (noNode) =>
    fallingBack(
      Effect.catchTag(wasm, "BackendUnavailable", (noWasm) => fallingBack(cpu, noWasm)),
      noNode,
    ),
  ),
)

/**
 * The backend in use. A layer makes its backend the current one of TensorFlow.js, which has one for the whole process, and puts
 * back the one before when its scope closes.
 *
 * @example
 * ```ts import.meta.vitest
 * import { TensorRuntime } from "@nonconvex/tensorflow"
 * import * as tf from "@tensorflow/tfjs"
 * import { Effect } from "effect"
 *
 * const program = Effect.gen(function* () {
 *   const { backend } = yield* TensorRuntime
 *   return [backend, tf.scalar(2).square().dataSync()[0]]
 * })
 * await Effect.runPromise(Effect.provide(program, TensorRuntime.layerCpu)) // => ["cpu", 4]
 * ```
 */
export class TensorRuntime extends Context.Service<TensorRuntime, Runtime>()(
  "@nonconvex/tensorflow/TensorRuntime",
) {
  /** The fastest backend that is there: node, else wasm, else cpu. */
  static readonly layer = Layer.effect(TensorRuntime, best)
  /** tfjs-node, TensorFlow's own library; fails with BackendUnavailable where it was not built. */
  static readonly layerNode = Layer.effect(TensorRuntime, node)
  /** WebAssembly, with the kernels that convolutional networks need to be trained; fails with BackendUnavailable. */
  static readonly layerWasm = Layer.effect(TensorRuntime, wasm)
  /** Plain JavaScript; it is always there. */
  static readonly layerCpu = Layer.effect(TensorRuntime, cpu)
}
