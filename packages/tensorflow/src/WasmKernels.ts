/** Kernels that the wasm backend of TensorFlow.js 4.22 lacks, without which it cannot train a convolutional network. */
import * as tf from "@tensorflow/tfjs"

interface ConvolutionAttributes {
  readonly strides: number | [number, number]
  readonly pad: "valid" | "same" | number | Array<[number, number]>
  readonly dataFormat: "NHWC" | "NCHW"
  readonly dimRoundingMode: "floor" | "round" | "ceil"
  readonly filterShape: [number, number, number, number]
}

/**
 * The gradient with respect to the filter as one product: every window of the input is a column, and the rows of `dy` weigh them.
 *
 * x: [batch, height, width, channels], dy: [batch, height', width', filters].
 */
const filterGradient = (
  x: tf.Tensor4D,
  dy: tf.Tensor4D,
  attrs: ConvolutionAttributes,
): tf.Tensor => {
  const { dimRoundingMode, filterShape, pad, strides } = attrs
  const info = tf.backend_util.computeConv2DInfo(
    x.shape,
    filterShape,
    strides,
    1,
    pad as "valid",
    dimRoundingMode,
  )
  const { filterHeight, filterWidth, inChannels, outChannels, outHeight, outWidth } = info
  const { strideHeight, strideWidth } = info
  const { bottom, left, right, top } = info.padInfo
  const padded =
    top + bottom + left + right === 0
      ? x
      : tf.pad4d(x, [
          [0, 0],
          [top, bottom],
          [left, right],
          [0, 0],
        ])
  const rows = info.batchSize * outHeight * outWidth
  const windows: Array<tf.Tensor2D> = []
  for (let r = 0; r < filterHeight; r++) {
    for (let c = 0; c < filterWidth; c++) {
      const window = tf.stridedSlice(
        padded,
        [0, r, c, 0],
        [
          info.batchSize,
          r + (outHeight - 1) * strideHeight + 1,
          c + (outWidth - 1) * strideWidth + 1,
          inChannels,
        ],
        [1, strideHeight, strideWidth, 1],
      )
      windows.push(tf.reshape(window, [rows, inChannels]))
    }
  }
  const columns = tf.transpose(tf.concat(windows, 1))
  return tf.reshape(tf.matMul(columns, tf.reshape(dy, [rows, outChannels])), filterShape)
}

const toChannelsLast = (image: tf.Tensor4D, format: "NHWC" | "NCHW"): tf.Tensor4D =>
  format === "NHWC" ? image : tf.transpose(image, [0, 2, 3, 1])

const convolutionFilterGradient: tf.KernelFunc = ({ attrs, inputs }) => {
  const attributes = attrs as unknown as ConvolutionAttributes
  // the engine hands the tensors themselves to a kernel
  const { dy, x } = inputs as unknown as { readonly dy: tf.Tensor4D; readonly x: tf.Tensor4D }
  return tf.tidy(() =>
    filterGradient(
      toChannelsLast(x, attributes.dataFormat),
      toChannelsLast(dy, attributes.dataFormat),
      attributes,
    ),
  )
}

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
  Conv2DBackpropFilter: convolutionFilterGradient,
  DepthwiseConv2dNativeBackpropFilter: onCpu("DepthwiseConv2dNativeBackpropFilter"),
  DepthwiseConv2dNativeBackpropInput: onCpu("DepthwiseConv2dNativeBackpropInput"),
  // the gradient of a gather, which embeddings need
  UnsortedSegmentSum: onCpu("UnsortedSegmentSum"),
}

/** Registers the gradients that the wasm backend lacks; what a later release brings itself is left alone. */
export const completeWasm = (): void => {
  const present = new Set(tf.getKernelsForBackend("wasm").map(({ kernelName }) => kernelName))
  for (const [kernelName, kernelFunc] of Object.entries(missing)) {
    if (!present.has(kernelName)) tf.registerKernel({ kernelName, backendName: "wasm", kernelFunc })
  }
}
