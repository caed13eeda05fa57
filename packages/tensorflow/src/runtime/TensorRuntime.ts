/** Choice of the TensorFlow.js backend, and its reason. */
import { Context, Layer } from "effect"
import { cpu, portable, type Runtime, wasm } from "./Backend.ts"

/**
 * The backend in use. A layer makes its backend the current one of TensorFlow.js, for the whole process, and restores the previous one when
 * its scope closes.
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
  /** The fastest backend that needs no library of the machine: wasm, else cpu. `@nonconvex/tensorflow/node` has a faster one. */
  static readonly layer = Layer.effect(TensorRuntime, portable)
  /** WebAssembly, with the kernels that convolutional networks need to be trained; fails with BackendUnavailable. */
  static readonly layerWasm = Layer.effect(TensorRuntime, wasm)
  /** Plain JavaScript, which is always available. */
  static readonly layerCpu = Layer.effect(TensorRuntime, cpu)
}
