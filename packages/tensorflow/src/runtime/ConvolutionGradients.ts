/**
 * Gradients of a convolution as products of matrices. One matrix has a row for each position of the filter and a column for
 * each of its weights, with the part of the image under the filter. It is never stored as a whole, because it is many times
 * the size of the image.
 */
import * as Kernels from "@nonconvex/numerics/Kernels"
import * as tf from "@tensorflow/tfjs"
import { remembered } from "./Remembered.ts"
import { outputBeside, type WasmMemory } from "./WasmMemory.ts"

export interface ConvolutionAttributes {
  readonly strides: number | [number, number]
  readonly pad: "valid" | "same" | number | Array<[number, number]>
  readonly dimRoundingMode: "floor" | "round" | "ceil"
  readonly dataFormat?: "NHWC" | "NCHW"
  readonly dilations?: number | [number, number]
}

type Shape = [number, number, number, number]

type Info = tf.backend_util.Conv2DInfo

const known = remembered<Info>()

/** For channels last, the only layout of the wasm backend; with dilation TensorFlow.js has no gradient. Shared: do not modify it. */
export const convolutionInfo = (
  inputShape: ReadonlyArray<number>,
  filterShape: ReadonlyArray<number>,
  { dimRoundingMode, pad, strides }: ConvolutionAttributes,
): Info =>
  known(
    `${inputShape.join()} ${filterShape.join()} ${strides.toString()} ${pad.toString()} ${dimRoundingMode}`,
    () =>
      tf.backend_util.computeConv2DInfo(
        inputShape as Shape,
        filterShape as Shape,
        strides,
        1,
        pad as "valid",
        dimRoundingMode,
      ),
  )

/** Numbers of the matrix that are made at once: they stay in the second cache. */
const atOnce = 2 ** 15

/**
 * Copies the parts of the image under the filter into the rows of the windows, or adds these rows to those parts, for `count`
 * places from `first` on.
 */
const move = (
  direction: "copy" | "add",
  info: Info,
  first: number,
  count: number,
  image: Float32Array,
  windows: Float32Array,
): void => {
  const { filterHeight, filterWidth, inChannels, inHeight, inWidth } = info
  const { outHeight, outWidth, padInfo, strideHeight, strideWidth } = info
  const run = filterWidth * inChannels
  const size = filterHeight * run
  let done = 0
  while (done < count) {
    // as much of a line of places as is asked for
    const start = (first + done) % outWidth
    const line = (first + done - start) / outWidth
    const end = Math.min(outWidth, start + count - done)
    const above = ((line % outHeight) * strideHeight - padInfo.top) | 0
    const number = Math.floor(line / outHeight)
    for (let r = 0; r < filterHeight; r++) {
      const row = above + r
      if (row < 0 || row >= inHeight) continue
      const origin = (number * inHeight + row) * inWidth
      for (let j = start; j < end; j++) {
        const left = j * strideWidth - padInfo.left
        const from = left < 0 ? -left : 0
        const to = left + filterWidth > inWidth ? (inWidth - left) * inChannels : run
        const at = (origin + left) * inChannels
        const place = (done + j - start) * size + r * run
        if (direction === "copy") {
          for (let k = from * inChannels; k < to; k++) windows[place + k] = image[at + k]!
        } else {
          for (let k = from * inChannels; k < to; k++) image[at + k]! += windows[place + k]!
        }
      }
    }
    done += end - start
  }
}

/** Input of a product: as many rows of the windows as there are places, from the place `first` on. */
interface Part {
  readonly first: number
  readonly count: number
  readonly windows: Float32Array
  readonly dy: Float32Array
}

/** Calls `multiply` for one part after the other, with room for the windows and with the gradients of the outputs there. */
const inParts = (
  info: Info,
  dy: Float32Array,
  multiply: (part: Part, kernels: Kernels.Kernels, filter: Float32Array) => void,
): void => {
  const { batchSize, filterHeight, filterWidth, inChannels, outChannels, outHeight, outWidth } =
    info
  const places = batchSize * outHeight * outWidth
  const size = filterHeight * filterWidth * inChannels
  const most = Math.max(1, Math.min(places, Math.floor(atOnce / size)))
  const bytes = 4 * (most * (size + outChannels) + size * outChannels) + 256
  const kernels = Kernels.withRoom(Kernels.standard(), bytes)
  kernels.arena.scoped((space) => {
    const windows = space.f32(most * size)
    const gradients = space.f32(most * outChannels)
    const filter = space.f32(size * outChannels)
    for (let first = 0; first < places; first += most) {
      const count = Math.min(most, places - first)
      const part = {
        first,
        count,
        windows: windows.subarray(0, count * size),
        dy: gradients.subarray(0, count * outChannels),
      }
      part.dy.set(dy.subarray(first * outChannels, (first + count) * outChannels))
      multiply(part, kernels, filter)
    }
  })
}

/** The gradient with respect to the filter. */
export const filterGradient: tf.KernelFunc = ({ attrs, backend, inputs }) => {
  const attributes = attrs as unknown as ConvolutionAttributes & { readonly filterShape: Shape }
  const { dy, x } = inputs as { readonly dy: tf.TensorInfo; readonly x: tf.TensorInfo }
  const { filterShape } = attributes
  const info = convolutionInfo(x.shape, filterShape, attributes)
  const { out, tensor, views } = outputBeside(backend as WasmMemory, filterShape, dy, x)
  const [gradients, image] = views
  const size = out.length / info.outChannels
  const hasPadding = Object.values(info.padInfo).some((width) => Number(width) > 0)
  inParts(info, gradients, ({ count, dy: some, first, windows }, { gemm }, filter) => {
    if (hasPadding) windows.fill(0)
    move("copy", info, first, count, image, windows)
    const before = first === 0 ? 0 : 1
    gemm(true, false, size, info.outChannels, count, 1, windows, some, before, filter)
    if (first + count >= info.batchSize * info.outHeight * info.outWidth) out.set(filter)
  })
  return tensor
}

/** The gradient with respect to the image. */
export const imageGradient: tf.KernelFunc = ({ attrs, backend, inputs }) => {
  const attributes = attrs as unknown as ConvolutionAttributes & { readonly inputShape: Shape }
  const { dy, filter } = inputs as { readonly dy: tf.TensorInfo; readonly filter: tf.TensorInfo }
  const { inputShape } = attributes
  const info = convolutionInfo(inputShape, filter.shape, attributes)
  const { out, tensor, views } = outputBeside(backend as WasmMemory, inputShape, dy, filter)
  const [gradients, weights] = views
  const size = weights.length / info.outChannels
  out.fill(0)
  inParts(info, gradients, ({ count, dy: some, first, windows }, { gemm }, held) => {
    if (first === 0) held.set(weights)
    gemm(false, true, count, size, info.outChannels, 1, some, held, 0, windows)
    move("add", info, first, count, out, windows)
  })
  return tensor
}
