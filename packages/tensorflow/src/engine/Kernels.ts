/** The call of a kernel. */
import * as tf from "@tensorflow/tfjs"
import { type Internals, isWatched } from "./Internals.ts"

const isTensor = (info: tf.TensorInfo): info is tf.Tensor => "rank" in info

/** Skips the bookkeeping of a profiled call, for which the original function runs. */
export const runBy = (engine: Internals): Internals["runKernel"] => {
  const before = engine.runKernel.bind(engine)
  const tensorOf = (info: tf.TensorInfo): tf.Tensor =>
    isTensor(info) ? info : engine.makeTensorFromTensorInfo(info)
  return (kernelName, inputs, attributes) => {
    const { backendName, state } = engine
    // by its first call the engine chooses a backend
    const kernel =
      typeof backendName === "string" ? tf.getKernel(kernelName, backendName) : undefined
    if (kernel === undefined || isWatched(engine)) return before(kernelName, inputs, attributes)
    const isRemembered = state.gradientDepth > 0 && state.kernelDepth === 0
    let outputs: ReadonlyArray<tf.Tensor> = []
    let saved: ReadonlyArray<tf.Tensor> = []
    let result: unknown
    state.kernelDepth++
    try {
      const made = kernel.kernelFunc({
        inputs: inputs as unknown as tf.NamedTensorInfoMap,
        attrs: attributes as tf.NamedAttrMap,
        backend: engine.backend,
      })
      outputs = Array.isArray(made) ? made.map(tensorOf) : [tensorOf(made)]
      result = Array.isArray(made) ? outputs : outputs[0]
      if (isRemembered) {
        saved = engine
          .getTensorsForGradient(kernelName, inputs, outputs)
          .map((tensor) => engine.keep(engine.clone(tensor)))
      }
    } finally {
      state.kernelDepth--
    }
    if (isRemembered) engine.addTapeNode(kernelName, inputs, outputs, null, saved, attributes)
    return result
  }
}
