/** Pools in float32. */
import { pixelsOf, sizeOf, tapsOf, type Window } from "../Window.ts"
import { isConstant, type Signal } from "./Signal.ts"
import { nothing, type Stage } from "./Stage.ts"

/** Mean of each window per channel, over its pixels inside the image or, counting zeros, over all of them. */
export const averagePool = (
  { countsPadding, window }: { readonly window: Window; readonly countsPadding: boolean },
  input: Signal,
  output: Signal,
): Stage => {
  const { channels } = window.input
  const [before, after, taps] = [sizeOf(window.input), sizeOf(window.output), tapsOf(window)]
  const source = pixelsOf(window)
  const places = source.length / taps
  const shares = new Float32Array(places)
  for (let place = 0; place < places; place++) {
    const inside = source.subarray(place * taps, (place + 1) * taps).filter((at) => at >= 0).length
    shares[place] = 1 / (countsPadding ? taps : inside)
  }
  return {
    load: nothing,
    forward: () => {
      const { value } = output
      value.fill(0)
      for (let from = 0, to = 0; from < input.value.length; from += before, to += after) {
        for (let place = 0, k = 0; place < places; place++) {
          const at = to + place * channels
          for (const end = k + taps; k < end; k++) {
            if (source[k]! < 0) continue
            const pixel = from + source[k]!
            for (let c = 0; c < channels; c++) value[at + c]! += input.value[pixel + c]!
          }
          for (let c = 0; c < channels; c++) value[at + c]! *= shares[place]!
        }
      }
    },
    backward: () => {
      const { adjoint } = input
      if (isConstant(input)) return
      adjoint.fill(0)
      for (let from = 0, to = 0; from < adjoint.length; from += before, to += after) {
        for (let place = 0, k = 0; place < places; place++) {
          const at = to + place * channels
          for (const end = k + taps; k < end; k++) {
            if (source[k]! < 0) continue
            const pixel = from + source[k]!
            for (let c = 0; c < channels; c++)
              adjoint[pixel + c]! += shares[place]! * output.adjoint[at + c]!
          }
        }
      }
    },
  }
}

/** Maximum of each window per channel; of equal values the first, which receives the whole adjoint. */
export const maxPool = (window: Window, input: Signal, output: Signal): Stage => {
  const { channels } = window.input
  const [before, after, taps] = [sizeOf(window.input), sizeOf(window.output), tapsOf(window)]
  const source = pixelsOf(window)
  const places = source.length / taps
  const largest = new Uint32Array(output.value.length)
  return {
    load: nothing,
    forward: () => {
      const { value } = output
      value.fill(-Infinity)
      for (let from = 0, to = 0; from < input.value.length; from += before, to += after) {
        for (let place = 0, k = 0; place < places; place++) {
          const at = to + place * channels
          for (const end = k + taps; k < end; k++) {
            if (source[k]! < 0) continue
            const pixel = from + source[k]!
            for (let c = 0; c < channels; c++) {
              // NaN is the largest, and stays so: a run that diverges says so
              if (input.value[pixel + c]! <= value[at + c]!) continue
              value[at + c] = input.value[pixel + c]!
              largest[at + c] = pixel + c
            }
          }
        }
      }
    },
    backward: () => {
      if (isConstant(input)) return
      input.adjoint.fill(0)
      for (let k = 0; k < largest.length; k++) input.adjoint[largest[k]!]! += output.adjoint[k]!
    },
  }
}
