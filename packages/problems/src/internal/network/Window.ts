/** Sliding windows over an image: the pixels that a convolution or a pool reads, and the shape of its output. */
import * as Require from "@nonconvex/numerics/Require"
import { invalid } from "@nonconvex/numerics/InvalidInput"

/** Image, stored row by row, pixel by pixel, channel by channel; a plain vector is one pixel with many channels. */
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

/** Pixels downwards and to the right. */
export interface Extent {
  readonly height: number
  readonly width: number
}

/** Zeros around an image, in rows and columns. */
export interface Margins {
  readonly top: number
  readonly bottom: number
  readonly left: number
  readonly right: number
}

/**
 * `valid` reads only inside the image. `same` pads with zeros so that a stride of 1 keeps height and width; the larger half
 * of an odd number comes after the image, as in TensorFlow. Margins pad explicitly, as in PyTorch and ONNX.
 */
export type Padding = "valid" | "same" | Margins

export interface Window {
  readonly input: Shape
  /** Height and width after the window; the channels are those of the input. */
  readonly output: Shape
  readonly size: Extent
  readonly stride: Extent
  /** Rows of padding above the image, and columns to its left. */
  readonly top: number
  readonly left: number
}

/** Pixels of a window. */
export const tapsOf = ({ size }: Pick<Window, "size">): number => size.height * size.width

/** One number for both sides. */
export const extentOf = (sides: number | Extent): Extent =>
  typeof sides === "number" ? { height: sides, width: sides } : sides

/** Number of outputs and padding before the first element, along one side. */
const along = (
  operation: string,
  length: number,
  size: number,
  stride: number,
  margins: readonly [before: number, behind: number] | "valid" | "same",
): readonly [count: number, before: number] => {
  Require.count(operation, "size", size)
  Require.count(operation, "stride", stride)
  if (margins === "same") {
    const count = Math.ceil(length / stride)
    return [count, Math.floor(Math.max((count - 1) * stride + size - length, 0) / 2)]
  }
  const [before, behind] = margins === "valid" ? [0, 0] : margins
  Require.count(operation, "padding", before, 0)
  Require.count(operation, "padding", behind, 0)
  if (Math.max(before, behind) >= size && before + behind > 0) {
    invalid(operation, "padding must be narrower than the window", { size, before, behind })
  }
  const padded = before + length + behind
  if (size > padded) {
    invalid(operation, "the window must fit into the image", { size, length: padded })
  }
  return [Math.floor((padded - size) / stride) + 1, before]
}

/** Slides a window over `input`. Throws InvalidInput if it does not fit, or if sizes or strides are not positive integers. */
export const slide = (
  operation: string,
  input: Shape,
  options: { readonly size: Extent; readonly stride: Extent; readonly padding: Padding },
): Window => {
  const { padding, size, stride } = options
  const [rows, columns] =
    typeof padding === "string"
      ? [padding, padding]
      : ([
          [padding.top, padding.bottom],
          [padding.left, padding.right],
        ] as const)
  const [height, top] = along(operation, input.height, size.height, stride.height, rows)
  const [width, left] = along(operation, input.width, size.width, stride.width, columns)
  return { input, output: { height, width, channels: input.channels }, size, stride, top, left }
}

/**
 * Calls `visit` for every pixel of every window of one image. It passes the index of the window, the index of the pixel within
 * it, and the pixel's offset in the image, or -1 for padding.
 */
export const eachPixel = (
  { input, left, output, size, stride, top }: Window,
  visit: (window: number, within: number, offset: number) => void,
): void => {
  for (let i = 0, window = 0; i < output.height; i++) {
    for (let j = 0; j < output.width; j++, window++) {
      for (let a = 0, within = 0; a < size.height; a++) {
        const row = i * stride.height + a - top
        for (let b = 0; b < size.width; b++, within++) {
          const column = j * stride.width + b - left
          const inside = row >= 0 && row < input.height && column >= 0 && column < input.width
          visit(window, within, inside ? (row * input.width + column) * input.channels : -1)
        }
      }
    }
  }
}

/** The pixels of each window of an image, window after window; -1 is padding. */
export const pixelsOf = (window: Window): Int32Array => {
  const taps = tapsOf(window)
  const source = new Int32Array(window.output.height * window.output.width * taps)
  eachPixel(window, (at, within, offset) => (source[at * taps + within] = offset))
  return source
}
