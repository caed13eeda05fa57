import type { Signal } from "./Signal.ts"
import { nothing, type Stage } from "./Stage.ts"
import { pixelsOf, sizeOf, tapsOf, type Window } from "./Window.ts"

/** Counts the pixels of each window inside the image. */
const insideOf = (source: Int32Array, taps: number): Float64Array => {
  const inside = new Float64Array(source.length / taps)
  for (const [k, offset] of source.entries()) if (offset >= 0) inside[Math.floor(k / taps)]!++
  return inside
}

/** Mean of each window per channel, over its pixels inside the image or, counting zeros, over all of them. */
export const averagePool = (
  { countsPadding, window }: { readonly window: Window; readonly countsPadding: boolean },
  input: Signal,
  output: Signal,
): Stage => {
  const { channels } = window.input
  const [before, after, taps] = [sizeOf(window.input), sizeOf(window.output), tapsOf(window)]
  const source = pixelsOf(window)
  const divisors = countsPadding
    ? new Float64Array(source.length / taps).fill(taps)
    : insideOf(source, taps)
  const samples = input.value.length / before

  const average = (from: Float64Array, out: Float64Array): void => {
    out.fill(0)
    for (let i = 0; i < samples; i++) {
      for (let k = 0; k < source.length; k++) {
        if (source[k]! < 0) continue
        const place = Math.floor(k / taps)
        const to = i * after + place * channels
        const at = i * before + source[k]!
        for (let c = 0; c < channels; c++) out[to + c]! += from[at + c]! / divisors[place]!
      }
    }
  }
  const spread = (from: Float64Array, out: Float64Array): void => {
    out.fill(0)
    for (let i = 0; i < samples; i++) {
      for (let k = 0; k < source.length; k++) {
        if (source[k]! < 0) continue
        const place = Math.floor(k / taps)
        const at = i * after + place * channels
        const to = i * before + source[k]!
        for (let c = 0; c < channels; c++) out[to + c]! += from[at + c]! / divisors[place]!
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

/** Maximum of each window inside the image per channel, the first of several; linear as long as the same pixel is chosen. */
export const maxPool = (window: Window, input: Signal, output: Signal): Stage => {
  const { channels } = window.input
  const [before, after, taps] = [sizeOf(window.input), sizeOf(window.output), tapsOf(window)]
  const source = pixelsOf(window)
  const samples = input.value.length / before
  /** Index of the input chosen for each output. */
  const chosen = new Int32Array(output.value.length)

  const choose = (): void => {
    const { value } = input
    for (let i = 0; i < samples; i++) {
      for (let k = 0; k < source.length; k += taps) {
        const to = i * after + (k / taps) * channels
        for (let c = 0; c < channels; c++) {
          let best = -1
          for (let t = 0; t < taps; t++) {
            if (source[k + t]! < 0) continue
            const at = i * before + source[k + t]! + c
            if (best < 0 || value[at]! > value[best]!) best = at
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
