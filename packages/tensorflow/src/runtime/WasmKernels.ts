/**
 * Kernels that the wasm backend of TensorFlow.js 4.22 lacks, without which it cannot train a convolutional network, and those in the place of its
 * own which took most of such a training: of these the gradient of the pool lost what came from windows without a positive number. Copies that nobody writes to are
 * left out.
 */
import * as tf from "@tensorflow/tfjs"
import { filterGradient, imageGradient } from "./ConvolutionGradients.ts"
import { ofFewNumbers } from "./FewNumbers.ts"
import { maxPoolGradient } from "./PoolGradient.ts"
import { cast, identity } from "./Sharing.ts"

interface CpuBackend extends tf.KernelBackend {
  makeTensorInfo(
    shape: Array<number>,
    dtype: tf.DataType,
    values?: tf.backend_util.BackendValues,
  ): tf.TensorInfo
}

/** The kernel of the cpu backend, on copies of the inputs: slow, and right. */
const onCpu =
  (kernelName: string): tf.KernelFunc =>
  ({ attrs, backend, inputs }) => {
    const cpu = tf.findBackend("cpu") as CpuBackend
    const wasm = backend as tf.KernelBackend
    const copies = Object.entries(inputs as Record<string, tf.TensorInfo>).map(([name, input]) => {
      const { dataId, dtype, shape } = input
      return [name, cpu.makeTensorInfo(shape, dtype, wasm.readSync(dataId))] as const
    })
    const kernel = tf.getKernel(kernelName, "cpu")
    const result = kernel.kernelFunc({
      inputs: Object.fromEntries(copies),
      backend: cpu,
      ...(attrs !== undefined && { attrs }),
    }) as tf.TensorInfo
    const values = cpu.readSync(result.dataId) as Float32Array
    for (const [, { dataId }] of copies) cpu.disposeData(dataId)
    cpu.disposeData(result.dataId)
    return tf.tensor(values.slice(), result.shape, result.dtype)
  }

const missing: Readonly<Record<string, tf.KernelFunc>> = {
  Conv2DBackpropFilter: filterGradient,
  DepthwiseConv2dNativeBackpropFilter: onCpu("DepthwiseConv2dNativeBackpropFilter"),
  DepthwiseConv2dNativeBackpropInput: onCpu("DepthwiseConv2dNativeBackpropInput"),
  // the gradient of a gather, which embeddings need
  UnsortedSegmentSum: onCpu("UnsortedSegmentSum"),
}

const better: Readonly<Record<string, tf.KernelFunc>> = {
  Cast: cast,
  Conv2DBackpropInput: imageGradient,
  Identity: identity,
  MaxPoolGrad: maxPoolGradient,
}

/** Those around kernels of the backend. */
const around = new WeakSet<tf.KernelFunc>()

/** Puts them in the place of what is inside, with what the backend does to set that up. */
const wrap = (): void => {
  for (const [kernelName, make] of Object.entries(ofFewNumbers)) {
    const config = tf.getKernel(kernelName, "wasm")
    if (around.has(config.kernelFunc)) continue
    const kernelFunc = make(config.kernelFunc)
    around.add(kernelFunc)
    tf.unregisterKernel(kernelName, "wasm")
    tf.registerKernel({ ...config, kernelFunc })
  }
}

/** Registers these kernels; of those that the wasm backend lacks, what a later release brings itself is left alone. */
export const completeWasm = (): void => {
  const present = new Map(
    tf.getKernelsForBackend("wasm").map(({ kernelFunc, kernelName }) => [kernelName, kernelFunc]),
  )
  for (const [kernelName, kernelFunc] of Object.entries(missing)) {
    if (!present.has(kernelName)) tf.registerKernel({ kernelName, backendName: "wasm", kernelFunc })
  }
  for (const [kernelName, kernelFunc] of Object.entries(better)) {
    if (present.get(kernelName) === kernelFunc) continue
    if (present.has(kernelName)) tf.unregisterKernel(kernelName, "wasm")
    tf.registerKernel({ kernelName, backendName: "wasm", kernelFunc })
  }
  wrap()
}
