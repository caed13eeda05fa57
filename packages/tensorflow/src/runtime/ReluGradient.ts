/** The gradient of relu as one kernel of the backend with compiled kernels; elsewhere TensorFlow.js makes it of three. */
import * as tf from "@tensorflow/tfjs"
import type { CompiledModule } from "./CompiledModule.ts"
import { outputBeside, type WasmMemory } from "./WasmMemory.ts"

const kernelName = "ReluGradient"

const gradientOf = (x: tf.Tensor, dy: tf.Tensor): tf.Tensor =>
  tf.engine().runKernel(kernelName, { x, dy })

/** As many numbers of float32 in `x` and `dy`. */
const kernel =
  ({ reluGradient }: CompiledModule): tf.KernelFunc =>
  ({ backend, inputs }) => {
    const { dy, x } = inputs as Readonly<Record<"dy" | "x", tf.TensorInfo>>
    const { out, tensor, views } = outputBeside(backend as WasmMemory, x.shape, x, dy)
    reluGradient(...views, out)
    return tensor
  }

/** Registers the kernel for the backend, and the gradients of relu and of the kernel itself: it is linear in `dy`. */
export const registerReluGradient = (module: CompiledModule, backendName: string): void => {
  if (tf.getKernel(kernelName, backendName) !== undefined) return
  const before = tf.getGradient("Relu")
  tf.registerKernel({ kernelName, backendName, kernelFunc: kernel(module) })
  tf.registerGradient({
    kernelName,
    inputsToSave: ["x"],
    gradFunc: (ddy, saved) => {
      const x = saved[0]!
      return { x: () => tf.zerosLike(x), dy: () => gradientOf(x, ddy as tf.Tensor) }
    },
  })
  tf.registerGradient({
    ...before,
    gradFunc: (dy, saved, attributes) => {
      const [x, given] = [saved[0]!, dy as tf.Tensor]
      const isOurs = tf.getBackend() === backendName && x.dtype === "float32"
      return isOurs && given.dtype === "float32"
        ? { x: () => gradientOf(x, given) }
        : before.gradFunc(dy, saved, attributes)
    },
  })
}
