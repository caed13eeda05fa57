import type { Layer } from "./Nodes.ts"
import { isConstant, slice, type Signal } from "./Signal.ts"
import type { Stage } from "./Stage.ts"
import { pixelsOf, sizeOf, type Window } from "./Window.ts"

/** Stage of a convolution of each channel by a kernel of its own; a row of weights is the kernel of one channel. */
export const depthwise = (
  layer: Layer,
  window: Window,
  parameters: Signal,
  input: Signal,
  output: Signal,
): Stage => {
  const { inputs: taps, outputs: channels } = layer
  const [before, after] = [sizeOf(window.input), sizeOf(window.output)]
  const source = pixelsOf(window)
  const samples = output.value.length / after
  const first = isConstant(input)
  const count = channels * taps
  const weights = slice(parameters, layer.weights, layer.weights + count)
  const biased = layer.bias ?? 0
  const bias = slice(parameters, biased, layer.bias === undefined ? biased : biased + channels)

  /** Adds the convolution of `from` to `out`. */
  const apply = (kernel: Float64Array, from: Float64Array, out: Float64Array): void => {
    for (let i = 0; i < samples; i++) {
      for (let k = 0; k < source.length; k++) {
        if (source[k]! < 0) continue
        const to = i * after + Math.floor(k / taps) * channels
        const at = i * before + source[k]!
        for (let c = 0, w = k % taps; c < channels; c++, w += taps) {
          out[to + c]! += kernel[w]! * from[at + c]!
        }
      }
    }
  }
  /** Adds the transposed convolution of `from` to `out`. */
  const pullBack = (kernel: Float64Array, from: Float64Array, out: Float64Array): void => {
    for (let i = 0; i < samples; i++) {
      for (let k = 0; k < source.length; k++) {
        if (source[k]! < 0) continue
        const at = i * after + Math.floor(k / taps) * channels
        const to = i * before + source[k]!
        for (let c = 0, w = k % taps; c < channels; c++, w += taps) {
          out[to + c]! += kernel[w]! * from[at + c]!
        }
      }
    }
  }
  const startWith = (shift: Float64Array, out: Float64Array): void => {
    if (shift.length === 0) out.fill(0)
    else for (let at = 0; at < out.length; at += channels) out.set(shift, at)
  }
  /** Adds the gradient in the kernels from the samples from `begin` to `end`. */
  const correlate = (
    z: Float64Array,
    a: Float64Array,
    out: Float64Array,
    begin = 0,
    end = samples,
  ): void => {
    for (let i = begin; i < end; i++) {
      for (let k = 0; k < source.length; k++) {
        if (source[k]! < 0) continue
        const from = i * after + Math.floor(k / taps) * channels
        const at = i * before + source[k]!
        for (let c = 0, w = k % taps; c < channels; c++, w += taps) {
          out[w]! += z[from + c]! * a[at + c]!
        }
      }
    }
  }
  const sumUp = (z: Float64Array, out: Float64Array, begin = 0, end = samples): void => {
    if (out.length === 0) return
    for (let at = begin * after; at < end * after; at += channels) {
      for (let c = 0; c < channels; c++) out[c]! += z[at + c]!
    }
  }
  const own = new Float64Array(count + bias.value.length)
  /** Gradient of one sample, weights before biases. */
  const gradientOf = (i: number, out: Float64Array): void => {
    out.fill(0)
    correlate(output.adjoint, input.value, out.subarray(0, count), i, i + 1)
    sumUp(output.adjoint, out.subarray(count), i, i + 1)
  }
  return {
    forward: () => {
      startWith(bias.value, output.value)
      apply(weights.value, input.value, output.value)
    },
    forwardTangent: () => {
      startWith(bias.tangent, output.tangent)
      apply(weights.tangent, input.value, output.tangent)
      if (!first) apply(weights.value, input.tangent, output.tangent)
    },
    backward: () => {
      if (first) return
      input.adjoint.fill(0)
      pullBack(weights.value, output.adjoint, input.adjoint)
    },
    backwardTangent: () => {
      correlate(output.adjointTangent, input.value, weights.adjointTangent)
      sumUp(output.adjointTangent, bias.adjointTangent)
      if (first) return
      correlate(output.adjoint, input.tangent, weights.adjointTangent)
      input.adjointTangent.fill(0)
      pullBack(weights.value, output.adjointTangent, input.adjointTangent)
      pullBack(weights.tangent, output.adjoint, input.adjointTangent)
    },
    accumulate: () => {
      correlate(output.adjoint, input.value, weights.adjoint)
      sumUp(output.adjoint, bias.adjoint)
    },
    perSample: {
      begin: layer.weights,
      squaredNorms: () => {
        let squares = 0
        for (let i = 0; i < samples; i++) {
          gradientOf(i, own)
          for (const value of own) squares += value * value
        }
        return squares
      },
      gradients: (out, stride) => {
        for (let i = 0; i < samples; i++) {
          const from = i * stride + layer.weights
          gradientOf(i, out.subarray(from, from + own.length))
        }
      },
    },
  }
}
