import { isConstant, type Signal } from "./Signal.ts"
import { nothing, type Stage } from "./Stage.ts"
import { eachPixel, sizeOf, type Window } from "./Window.ts"

/**
 * The numbers of all windows of an image in their order, as runs that lie side by side in the image: the first of each, or -1
 * for zeros of the padding, and its length.
 */
const runsOf = (window: Window) => {
  const { channels } = window.input
  const offsets: Array<number> = []
  const lengths: Array<number> = []
  eachPixel(window, (_at, _within, offset) => {
    const last = offsets.length - 1
    const next = offsets[last] === -1 ? -1 : offsets[last]! + lengths[last]!
    if (last >= 0 && offset === next) lengths[last]! += channels
    else {
      offsets.push(offset)
      lengths.push(channels)
    }
  })
  return { offsets: Int32Array.from(offsets), lengths: Int32Array.from(lengths) }
}

/**
 * Extracts the windows of each image, one after another, with zeros beyond its edge. A convolution is this stage followed by
 * a dense one on the windows.
 */
export const patches = (window: Window, input: Signal, output: Signal): Stage => {
  const image = sizeOf(window.input)
  const { offsets, lengths } = runsOf(window)
  const first = isConstant(input)

  const gather = (from: Float64Array, out: Float64Array): void => {
    for (let start = 0, at = 0; start < from.length; start += image) {
      for (let k = 0; k < offsets.length; k++) {
        const offset = offsets[k]!
        const end = at + lengths[k]!
        if (offset < 0) while (at < end) out[at++] = 0
        else for (let source = start + offset; at < end;) out[at++] = from[source++]!
      }
    }
  }
  const scatter = (from: Float64Array, out: Float64Array): void => {
    out.fill(0)
    for (let start = 0, at = 0; start < out.length; start += image) {
      for (let k = 0; k < offsets.length; k++) {
        const offset = offsets[k]!
        const end = at + lengths[k]!
        if (offset < 0) at = end
        else for (let target = start + offset; at < end;) out[target++]! += from[at++]!
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
