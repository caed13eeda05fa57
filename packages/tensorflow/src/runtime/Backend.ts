/** The backends of TensorFlow.js, and how to select one. */
import { BackendUnavailable } from "@nonconvex/numerics/BackendUnavailable"
import * as tf from "@tensorflow/tfjs"
import { Effect } from "effect"
import type { Scope } from "effect"
import { compiledName } from "./CompiledKernels.ts"
import { completeWasm } from "./WasmKernels.ts"
import { quicken } from "../engine/Engine.ts"

export type Backend = "node" | "compiled" | "wasm" | "cpu"

export interface Runtime {
  readonly backend: Backend
  /** One sentence: the chosen backend, and why no faster one was chosen. */
  readonly because: string
  /** Backends that were tried first and are not available. */
  readonly passedOver: ReadonlyArray<BackendUnavailable>
}

/** The backend that is current until the scope closes. */
export type Selected = Effect.Effect<Runtime, BackendUnavailable, Scope.Scope>

/** Name of the backend in TensorFlow.js. */
const registered: Readonly<Record<Backend, string>> = {
  node: "tensorflow",
  compiled: compiledName,
  wasm: "wasm",
  cpu: "cpu",
}

export const reasonOf = (cause: unknown): string =>
  (cause instanceof Error ? cause.message : String(cause)).trim().split("\n")[0]!

/** Makes `backend` the current one until the scope closes. */
export const select = (
  backend: Backend,
  prepare: Effect.Effect<void, BackendUnavailable>,
  remedy: string,
): Selected => {
  const unavailable = (cause: unknown) =>
    new BackendUnavailable({ backend: `the ${backend} backend`, reason: reasonOf(cause), remedy })
  const set = Effect.tryPromise({
    try: async () => {
      if (!(await tf.setBackend(registered[backend]))) throw new Error("it does not initialise")
      quicken()
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
  ).pipe(Effect.map(() => ({ backend, because: `${backend}, as requested`, passedOver: [] })))
}

const wasmRemedy =
  "Install @tensorflow/tfjs-backend-wasm, or in a browser serve its .wasm files and call setWasmPaths."

export const wasm = select(
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

export const cpu = select(
  "cpu",
  Effect.void,
  "It is part of @tensorflow/tfjs: install that package again.",
)

const fallingBack = (to: Selected, failure: BackendUnavailable): Selected =>
  Effect.map(to, (runtime) => ({
    ...runtime,
    passedOver: [failure, ...runtime.passedOver],
    because: `${runtime.backend}, because ${[failure, ...runtime.passedOver]
      .map(({ backend, reason }) => `${backend} is not available (${reason})`)
      .join(" and ")}`,
  }))

/** `first` if it is available, otherwise `second`, with the reason. */
export const orElse = (first: Selected, second: Selected): Selected =>
  Effect.catchTag(first, "BackendUnavailable", (failure) => fallingBack(second, failure))

/** The fastest backend without a native library. */
export const portable = orElse(
  Effect.map(wasm, (runtime) => ({ ...runtime, because: "wasm, the fastest backend after node" })),
  cpu,
)
