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
 * The windows of the input as a matrix with a row for each weight of a filter and a column for each place where the filter stood;
 * zero where it stood outside.
 */
const windows = (values: tf.TypedArray, info: tf.backend_util.Conv2DInfo): tf.Tensor2D => {
  const { batchSize, filterHeight, filterWidth, inChannels, inHeight, inWidth } = info
  const { outHeight, outWidth, strideHeight, strideWidth } = info
  const { left, top } = info.padInfo
  const places = batchSize * outHeight * outWidth
  const out = new Float32Array(filterHeight * filterWidth * inChannels * places)
  let at = 0
  for (let r = 0; r < filterHeight; r++) {
    for (let c = 0; c < filterWidth; c++) {
      for (let channel = 0; channel < inChannels; channel++) {
        for (let image = 0; image < batchSize; image++) {
          for (let i = 0; i < outHeight; i++) {
            const row = i * strideHeight + r - top
            const from = (image * inHeight + row) * inWidth
            if (row < 0 || row >= inHeight) {
              at += outWidth
              continue
            }
            for (let j = 0; j < outWidth; j++, at++) {
              const column = j * strideWidth + c - left
              if (column >= 0 && column < inWidth) {
                out[at] = values[(from + column) * inChannels + channel]!
              }
            }
          }
        }
      }
    }
  }
  return tf.tensor2d(out, [filterHeight * filterWidth * inChannels, places])
}

/** The gradient with respect to the filter as one product of matrices; `x` and `dy` have their channels last. */
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
  const places = info.batchSize * info.outHeight * info.outWidth
  const product = tf.matMul(windows(x.dataSync(), info), tf.reshape(dy, [places, info.outChannels]))
  return tf.reshape(product, filterShape)
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
