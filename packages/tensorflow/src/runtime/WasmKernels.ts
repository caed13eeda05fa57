/**
 * Kernels that the wasm backend of TensorFlow.js 4.22 lacks and that training a convolutional network needs, and faster ones for its
 * slowest kernels. Its gradient of the maximum pool also ignored windows without a positive number. Read-only copies are avoided.
 */
import * as tf from "@tensorflow/tfjs"
import { filterGradient, imageGradient } from "./ConvolutionGradients.ts"
import { difference, product, quotient, sum } from "./FewNumbers.ts"
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

/** Makes a kernel, given the previous one, which is undefined if the backend has none. */
type Make = (before: tf.KernelFunc | undefined) => tf.KernelFunc

/** Registers a kernel unless a later release brings its own. */
const ifMissing =
  (kernel: tf.KernelFunc): Make =>
  (before) =>
    before ?? kernel

const instead =
  (kernel: tf.KernelFunc): Make =>
  () =>
    kernel

const around =
  (make: (before: tf.KernelFunc) => tf.KernelFunc): Make =>
  (before) =>
    make(before!)

const kernels: Readonly<Record<string, Make>> = {
  Conv2DBackpropFilter: ifMissing(filterGradient),
  DepthwiseConv2dNativeBackpropFilter: ifMissing(onCpu("DepthwiseConv2dNativeBackpropFilter")),
  DepthwiseConv2dNativeBackpropInput: ifMissing(onCpu("DepthwiseConv2dNativeBackpropInput")),
  // the gradient of a gather, which embeddings need
  UnsortedSegmentSum: ifMissing(onCpu("UnsortedSegmentSum")),
  Cast: instead(cast),
  Conv2DBackpropInput: instead(imageGradient),
  Identity: instead(identity),
  MaxPoolGrad: instead(maxPoolGradient),
  Add: around(sum),
  Multiply: around(product),
  RealDiv: around(quotient),
  Sub: around(difference),
}

const registered = new WeakSet<tf.KernelFunc>()

/** Registers these kernels, with the setup of the originals. */
export const completeWasm = (): void => {
  for (const [kernelName, make] of Object.entries(kernels)) {
    const config = tf.getKernel(kernelName, "wasm") as tf.KernelConfig | undefined
    const before = config?.kernelFunc
    if (before !== undefined && registered.has(before)) continue
    const kernelFunc = make(before)
    registered.add(kernelFunc)
    if (kernelFunc === before) continue
    if (config !== undefined) tf.unregisterKernel(kernelName, "wasm")
    tf.registerKernel({ ...config, kernelName, backendName: "wasm", kernelFunc })
  }
}
