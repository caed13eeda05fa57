import type { Signal } from "./Signal.ts"
import { nothing, type Stage } from "./Stage.ts"
import { eachPixel, sizeOf, type Window } from "./Window.ts"

/** The pixels of each window of an image, window after window; pools do not pad. */
const pixelsOf = (window: Window): Int32Array => {
  const taps = window.size * window.size
  const source = new Int32Array(window.output.height * window.output.width * taps)
  eachPixel(window, (at, within, offset) => (source[at * taps + within] = offset))
  return source
}

/** The mean of each window, channel by channel. */
export const averagePool = (window: Window, input: Signal, output: Signal): Stage => {
  const { channels } = window.input
  const [before, after, taps] = [
    sizeOf(window.input),
    sizeOf(window.output),
    window.size * window.size,
  ]
  const source = pixelsOf(window)
  const samples = input.value.length / before

  const average = (from: Float64Array, out: Float64Array): void => {
    out.fill(0)
    for (let i = 0; i < samples; i++) {
      for (let k = 0; k < source.length; k++) {
        const to = i * after + Math.floor(k / taps) * channels
        const at = i * before + source[k]!
        for (let c = 0; c < channels; c++) out[to + c]! += from[at + c]! / taps
      }
    }
  }
  const spread = (from: Float64Array, out: Float64Array): void => {
    out.fill(0)
    for (let i = 0; i < samples; i++) {
      for (let k = 0; k < source.length; k++) {
        const at = i * after + Math.floor(k / taps) * channels
        const to = i * before + source[k]!
        for (let c = 0; c < channels; c++) out[to + c]! += from[at + c]! / taps
      }
    }
  }
  return {
    forward: () => average(input.value, output.value),
    forwardTangent: () => average(input.tangent, output.tangent),
    backward: () => spread(output.adjoint, input.adjoint),
    backwardTangent: () => spread(output.adjointTangent, input.adjointTangent),
    accumulate: nothing,
  }
}

/** The largest of each window, channel by channel, the first where several are: linear as long as it stays the same one. */
export const maxPool = (window: Window, input: Signal, output: Signal): Stage => {
  const { channels } = window.input
  const [before, after, taps] = [
    sizeOf(window.input),
    sizeOf(window.output),
    window.size * window.size,
  ]
  const source = pixelsOf(window)
  const samples = input.value.length / before
  /** For each output the input that it is. */
  const chosen = new Int32Array(output.value.length)

  const choose = (): void => {
    const { value } = input
    for (let i = 0; i < samples; i++) {
      for (let k = 0; k < source.length; k += taps) {
        const to = i * after + (k / taps) * channels
        for (let c = 0; c < channels; c++) {
          let best = i * before + source[k]! + c
          for (let t = 1; t < taps; t++) {
            const at = i * before + source[k + t]! + c
            if (value[at]! > value[best]!) best = at
          }
          chosen[to + c] = best
        }
      }
    }
  }
  const take = (from: Float64Array, out: Float64Array): void => {
    for (let k = 0; k < chosen.length; k++) out[k] = from[chosen[k]!]!
  }
  const giveBack = (from: Float64Array, out: Float64Array): void => {
    out.fill(0)
    for (let k = 0; k < chosen.length; k++) out[chosen[k]!]! += from[k]!
  }
  return {
    forward: () => {
      choose()
      take(input.value, output.value)
    },
    forwardTangent: () => take(input.tangent, output.tangent),
    backward: () => giveBack(output.adjoint, input.adjoint),
    backwardTangent: () => giveBack(output.adjointTangent, input.adjointTangent),
    accumulate: nothing,
  }
}
