import { isConstant, type Signal } from "./Signal.ts"
import { nothing, type Stage } from "./Stage.ts"
import { eachPixel, sizeOf, tapsOf, type Window } from "./Window.ts"

/**
 * Extracts the windows of each image, one after another, with zeros beyond its edge. A convolution is this stage followed by
 * a dense one on the windows.
 */
export const patches = (window: Window, input: Signal, output: Signal): Stage => {
  const { channels } = window.input
  const image = sizeOf(window.input)
  const taps = tapsOf(window)
  const length = window.output.height * window.output.width * taps
  /** Source pixel in its image of each pixel of the windows; -1 is padding. */
  const source = new Int32Array(length)
  eachPixel(window, (at, within, offset) => (source[at * taps + within] = offset))
  const first = isConstant(input)

  const gather = (from: Float64Array, out: Float64Array): void => {
    for (let start = 0, at = 0; start < from.length; start += image) {
      for (let k = 0; k < length; k++) {
        const offset = source[k]!
        for (let c = 0; c < channels; c++) out[at++] = offset < 0 ? 0 : from[start + offset + c]!
      }
    }
  }
  const scatter = (from: Float64Array, out: Float64Array): void => {
    out.fill(0)
    for (let start = 0, at = 0; start < out.length; start += image) {
      for (let k = 0; k < length; k++) {
        const offset = source[k]!
        if (offset >= 0) {
          for (let c = 0; c < channels; c++) out[start + offset + c]! += from[at + c]!
        }
        at += channels
      }
    }
  }
  return {
    forward: () => gather(input.value, output.value),
    forwardTangent: () => {
      if (!first) gather(input.tangent, output.tangent)
    },
    backward: () => {
      if (!first) scatter(output.adjoint, input.adjoint)
    },
    backwardTangent: () => {
      if (!first) scatter(output.adjointTangent, input.adjointTangent)
    },
    accumulate: nothing,
  }
}
