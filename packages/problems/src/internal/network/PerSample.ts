import type * as Kernels from "@nonconvex/numerics/Kernels"
import type { Layer } from "./Nodes.ts"
import { slice, type Signal } from "./Signal.ts"
import type { PerSample, Stage } from "./Stage.ts"

const squares = (values: Float64Array, begin: number, end: number): number => {
  let sum = 0
  for (let i = begin; i < end; i++) sum += values[i]! * values[i]!
  return sum
}

/**
 * Gradients of single samples in a layer that is applied at `positions` places of each. They are sums over the places of
 * `delta a'`, and of `delta` for the biases.
 *
 * At one place its squared norm is `(|a|^2 + 1) |delta|^2`. With several places it is not the sum of those: the places share
 * the weights, so the products are added before the norm is taken.
 */
export const perSample = (
  { gemm }: Kernels.Kernels,
  layer: Layer,
  { value }: Signal,
  { adjoint }: Signal,
  positions: number,
): PerSample => {
  const { bias, inputs, outputs } = layer
  const samples = adjoint.length / (outputs * positions)
  const at = Array.from({ length: samples }, (_, i) => ({
    delta: adjoint.subarray(i * positions * outputs, (i + 1) * positions * outputs),
    input: value.subarray(i * positions * inputs, (i + 1) * positions * inputs),
  }))
  const block = new Float64Array(positions === 1 ? 0 : outputs * inputs)
  const sums = new Float64Array(outputs)

  /** Sums over the places of one sample. */
  const addPlaces = (delta: Float64Array, out: Float64Array): void => {
    out.fill(0)
    for (let from = 0; from < delta.length; from += outputs) {
      for (let j = 0; j < outputs; j++) out[j]! += delta[from + j]!
    }
  }
  /** |a|^2 of each sample, and 1 for the biases. */
  const sizes = new Float64Array(positions === 1 ? samples : 0)
  const atOnePlace = (fresh: boolean): number => {
    let sum = 0
    for (let i = 0; i < samples; i++) {
      if (fresh) {
        sizes[i] = squares(value, i * inputs, (i + 1) * inputs) + (bias === undefined ? 0 : 1)
      }
      sum += sizes[i]! * squares(adjoint, i * outputs, (i + 1) * outputs)
    }
    return sum
  }
  return {
    begin: layer.weights,
    squaredNorms: (fresh) => {
      if (positions === 1) return atOnePlace(fresh)
      let sum = 0
      for (const { delta, input } of at) {
        gemm(true, false, outputs, inputs, positions, 1, delta, input, 0, block)
        sum += squares(block, 0, block.length)
        if (bias === undefined) continue
        addPlaces(delta, sums)
        sum += squares(sums, 0, outputs)
      }
      return sum
    },
    gradients: (out, stride) => {
      for (const [i, { delta, input }] of at.entries()) {
        const from = i * stride
        const weights = out.subarray(from + layer.weights, from + layer.weights + outputs * inputs)
        gemm(true, false, outputs, inputs, positions, 1, delta, input, 0, weights)
        if (bias !== undefined) addPlaces(delta, out.subarray(from + bias, from + bias + outputs))
      }
    },
  }
}

/** Gradients of single samples of a stage with `count` parameters, each added by `add` to an array of zeros. */
export const singleSamples = (
  begin: number,
  count: number,
  samples: number,
  add: (sample: number, out: Float64Array) => void,
): PerSample => {
  const own = new Float64Array(count)
  return {
    begin,
    squaredNorms: () => {
      let sum = 0
      for (let i = 0; i < samples; i++) {
        own.fill(0)
        add(i, own)
        sum += squares(own, 0, count)
      }
      return sum
    },
    gradients: (out, stride) => {
      for (let i = 0; i < samples; i++) {
        const from = i * stride + begin
        add(i, out.subarray(from, from + count).fill(0))
      }
    },
  }
}

/**
 * Scales and shifts of the channels of a normalisation, which follow each other in the parameters, and the gradient with
 * respect to them. `normal(i, c)` is the normalised value at index i, of channel c; `width` is the length of a sample.
 */
export const scaling = (
  {
    channels,
    scales,
    shifts,
  }: {
    readonly channels: number
    readonly scales: number | undefined
    readonly shifts: number | undefined
  },
  parameters: Signal,
  output: Signal,
  width: number,
  normal: (i: number, c: number) => number,
): {
  readonly scale: Signal | undefined
  readonly shift: Signal | undefined
  readonly gradient: Pick<Stage, "accumulate" | "perSample">
} => {
  const of = (begin: number | undefined) =>
    begin === undefined ? undefined : slice(parameters, begin, begin + channels)
  const [scale, shift] = [of(scales), of(shifts)]
  const count = output.value.length
  /** Adds the gradient of the pixels from `begin` to `end`. */
  const add = (
    begin: number,
    end: number,
    toScales: Float64Array | undefined,
    toShifts: Float64Array | undefined,
  ): void => {
    for (let at = begin; at < end; at += channels) {
      for (let c = 0; c < channels; c++) {
        const adjoint = output.adjoint[at + c]!
        if (toScales !== undefined) toScales[c]! += adjoint * normal(at + c, c)
        if (toShifts !== undefined) toShifts[c]! += adjoint
      }
    }
  }
  const begin = scales ?? shifts
  const own = [scales, shifts].filter((at) => at !== undefined).length * channels
  return {
    scale,
    shift,
    gradient: {
      accumulate: () => add(0, count, scale?.adjoint, shift?.adjoint),
      ...(begin !== undefined && {
        perSample: singleSamples(begin, own, count / width, (i, out) => {
          const first = scales === undefined ? undefined : out.subarray(0, channels)
          const last = shifts === undefined ? undefined : out.subarray(own - channels)
          add(i * width, (i + 1) * width, first, last)
        }),
      }),
    },
  }
}
