/** Windows that slide over an image: where a convolution or a pool reads, and what shape it leaves. */
import * as Require from "@nonconvex/numerics/Require"
import { invalid } from "@nonconvex/numerics/InvalidInput"

/** An image, stored row by row, pixel by pixel, channel by channel; a plain vector is one pixel of many channels. */
export interface Shape {
  readonly height: number
  readonly width: number
  readonly channels: number
}

export const sizeOf = ({ channels, height, width }: Shape): number => height * width * channels

export const vector = (size: number): Shape => ({ height: 1, width: 1, channels: size })

export const isVector = ({ height, width }: Shape): boolean => height === 1 && width === 1

export const equals = (a: Shape, b: Shape): boolean =>
  a.height === b.height && a.width === b.width && a.channels === b.channels

/** `valid` reads inside the image only; `same` pads with zeros so that a stride of 1 keeps height and width. */
export type Padding = "valid" | "same"

export interface Window {
  readonly input: Shape
  /** Height and width after the window; the channels are those of the input. */
  readonly output: Shape
  readonly size: number
  readonly stride: number
  /** Rows of zeros above the image, and columns to its left. */
  readonly top: number
  readonly left: number
}

/** Outputs and padding before the first element, along one side. */
const along = (
  operation: string,
  length: number,
  { padding, size, stride }: { size: number; stride: number; padding: Padding },
): readonly [count: number, before: number] => {
  if (padding === "same") {
    // TensorFlow's rule: an odd number of zeros has the larger half behind
    const count = Math.ceil(length / stride)
    return [count, Math.floor(Math.max((count - 1) * stride + size - length, 0) / 2)]
  }
  if (size > length) invalid(operation, "the window must fit into the image", { size, length })
  return [Math.floor((length - size) / stride) + 1, 0]
}

/** Slides a square window over `input`. Throws InvalidInput where it does not fit, or where size or stride are no counts. */
export const slide = (
  operation: string,
  input: Shape,
  options: { readonly size: number; readonly stride: number; readonly padding: Padding },
): Window => {
  const { size, stride } = options
  Require.count(operation, "size", size)
  Require.count(operation, "stride", stride)
  const [height, top] = along(operation, input.height, options)
  const [width, left] = along(operation, input.width, options)
  return { input, output: { height, width, channels: input.channels }, size, stride, top, left }
}

/**
 * Calls `visit` for every pixel of every window of one image: the index of the window, the index of the pixel within it, and the
 * pixel's offset in the image, or -1 where it is padding.
 */
export const eachPixel = (
  { input, left, output, size, stride, top }: Window,
  visit: (window: number, within: number, offset: number) => void,
): void => {
  for (let i = 0, window = 0; i < output.height; i++) {
    for (let j = 0; j < output.width; j++, window++) {
      for (let a = 0, within = 0; a < size; a++) {
        const row = i * stride + a - top
        for (let b = 0; b < size; b++, within++) {
          const column = j * stride + b - left
          const inside = row >= 0 && row < input.height && column >= 0 && column < input.width
          visit(window, within, inside ? (row * input.width + column) * input.channels : -1)
        }
      }
    }
  }
}
