/** Gradient of a maximum pool. */
import * as tf from "@tensorflow/tfjs"
import { remembered } from "./Remembered.ts"
import { outputBeside, type WasmMemory } from "./WasmMemory.ts"

export interface PoolAttributes {
  readonly filterSize: number | [number, number]
  readonly strides: number | [number, number]
  readonly pad: "valid" | "same" | number
  readonly dimRoundingMode: "floor" | "round" | "ceil"
}

const known = remembered<tf.backend_util.Conv2DInfo>()

/** Shared: do not modify it. */
export const poolInfo = (
  inputShape: ReadonlyArray<number>,
  { dimRoundingMode, filterSize, pad, strides }: PoolAttributes,
): tf.backend_util.Conv2DInfo =>
  known(
    `${inputShape.join()} ${filterSize.toString()} ${strides.toString()} ${pad.toString()} ${dimRoundingMode}`,
    () =>
      tf.backend_util.computePool2DInfo(
        inputShape as [number, number, number, number],
        filterSize,
        strides,
        1,
        pad,
        dimRoundingMode,
      ),
  )

/** Each gradient goes to the first largest number of its window, as on the other backends; to none if that is NaN. */
export const maxPoolGradient: tf.KernelFunc = ({ attrs, backend, inputs }) => {
  const { dy, input, output } = inputs as Readonly<Record<"dy" | "input" | "output", tf.TensorInfo>>
  const info = poolInfo(input.shape, attrs as unknown as PoolAttributes)
  const { batchSize, filterHeight, filterWidth, inHeight, inWidth, outHeight, outWidth } = info
  const { inChannels: channels, padInfo, strideHeight, strideWidth } = info
  const { out, tensor, views } = outputBeside(
    backend as WasmMemory,
    info.inShape,
    dy,
    input,
    output,
  )
  const [gradients, image, maxima] = views
  out.fill(0)
  let from = 0
  for (let b = 0; b < batchSize; b++) {
    for (let i = 0; i < outHeight; i++) {
      const top = i * strideHeight - padInfo.top
      const [firstRow, endRow] = [Math.max(0, top), Math.min(inHeight, top + filterHeight)]
      for (let j = 0; j < outWidth; j++) {
        const left = j * strideWidth - padInfo.left
        const [firstColumn, endColumn] = [Math.max(0, left), Math.min(inWidth, left + filterWidth)]
        for (let channel = 0; channel < channels; channel++, from++) {
          const largest = maxima[from]!
          let place = -1
          // backwards and without a branch, which the processor would guess wrong every other time
          for (let row = endRow - 1; row >= firstRow; row--) {
            const line = (b * inHeight + row) * inWidth
            for (let column = endColumn - 1; column >= firstColumn; column--) {
              const at = (line + column) * channels + channel
              const value = image[at]!
              place += (at - place) * Number(value === largest)
            }
          }
          if (place >= 0) out[place]! += gradients[from]!
        }
      }
    }
  }
  return tensor
}
