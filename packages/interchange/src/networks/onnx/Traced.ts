/**
 * Values of an ONNX graph, followed for a small number of samples. A value that no sample changes (a shape, an index, a mask) is
 * computed. For any other one, each element is known as an element of the output of a layer.
 */
import type * as Architecture from "@nonconvex/problems/network/Architecture"
import { numbersOf, type Tensor } from "../Tensor.ts"
import { countOf, type Numbers } from "./Arrays.ts"
import { int64sOf } from "./OnnxWeights.ts"
import type { RawTensor } from "./Wire.ts"

/** Output of a layer, pixel by pixel with channels last. */
export interface Base {
  readonly name: string
  readonly shape: Architecture.Shape
}

export interface Known extends Numbers {
  readonly _tag: "Known"
  /** Elements of a stored tensor, by their positions there. */
  readonly from?: { readonly name: string; readonly positions: Float64Array }
}

/** Elements of the output of a layer for all samples, times a factor. */
export interface Signal {
  readonly _tag: "Signal"
  readonly base: Base
  readonly dims: ReadonlyArray<number>
  readonly index: Float64Array
  readonly factor: number
}

/** Products of queries and keys, before and after the softmax. */
export interface Scores {
  readonly _tag: "Scores" | "Shares"
  readonly queries: Signal
  readonly keys: Signal
  readonly factor: number
  readonly mask?: Numbers
}

/** Part of a layer normalisation of `of`, written out. */
export interface Moment {
  readonly _tag: "Mean" | "Centred" | "Squares" | "Variance" | "Shifted" | "Deviation" | "Inverse"
  readonly of: Signal
  readonly epsilon: number
}

export type Value = Known | Signal | Scores | Moment

/** Numbers of a stored tensor; undefined if it is incomplete. */
export const numbersIn = (
  raw: RawTensor,
  tensor: (name: string) => Tensor,
): Numbers | undefined => {
  const { bytes, external, floats, ints, shape, type } = raw
  const isWhole = type === 6 || type === 7 || type === 9
  const make = (elements: Float64Array): Numbers | undefined =>
    elements.length === countOf(shape) ? { dims: shape, elements, isWhole } : undefined
  if (type === 9) return make(Float64Array.from(bytes ?? ints))
  if (type === 6) {
    const view = bytes && new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    return make(
      Float64Array.from(
        view
          ? Array.from({ length: view.byteLength >> 2 }, (_, k) => view.getInt32(4 * k, true))
          : ints,
      ),
    )
  }
  if (type === 7) {
    if (external.size > 0) return make(new Float64Array(0))
    return make(Float64Array.from(bytes ? int64sOf(bytes) : ints))
  }
  // masks have infinities, which no weight may have
  const isMask = external.size === 0 && type === 1 && countOf(shape) <= 1
  if (isMask)
    return make(
      bytes && bytes.length % 4 === 0 ? numbersOf(bytes, "F32") : Float64Array.from(floats),
    )
  return make(tensor(raw.name).values)
}

/** Number of positions of a sequence, or of pixels of an image. */
export const positionsOf = (of: Architecture.Shape): number => of.height * of.width

/** Elements of `batch` images with channels first. */
export const imageOrder = (
  { channels, height, width }: Architecture.Shape,
  batch: number,
): Float64Array => {
  const pixels = height * width
  return Float64Array.from({ length: batch * channels * pixels }, (_, i) => {
    const [n, channel, pixel] = [
      Math.floor(i / (channels * pixels)),
      Math.floor(i / pixels) % channels,
      i % pixels,
    ]
    return (n * pixels + pixel) * channels + channel
  })
}

/** The numbers 0, 1, ... below `count`. */
export const plain = (count: number): Float64Array =>
  Float64Array.from({ length: count }, (_, i) => i)

export const isSame = (x: Float64Array, y: Float64Array): boolean =>
  x.length === y.length && x.every((value, i) => value === y[i])

/** The position of each row of a signal whose last axis are all channels of a position. */
export const rowsIn = ({ base: { shape: of }, dims, index }: Signal): Float64Array | undefined => {
  const { channels } = of
  if (dims.at(-1) !== channels) return undefined
  const rows = new Float64Array(index.length / channels)
  for (let i = 0; i < index.length; i++) {
    const row = Math.floor(i / channels)
    if (i % channels === 0) rows[row] = index[i]! / channels
    if (index[i] !== rows[row]! * channels + (i % channels)) return undefined
  }
  return rows
}
/** All features of some positions of the output of a layer. */
export const signalOf = (base: Base, rows: Float64Array, lead: ReadonlyArray<number>): Signal => {
  const { channels } = base.shape
  return {
    _tag: "Signal",
    base,
    dims: [...lead, channels],
    index: Float64Array.from(
      { length: rows.length * channels },
      (_, i) => rows[Math.floor(i / channels)]! * channels + (i % channels),
    ),
    factor: 1,
  }
}
