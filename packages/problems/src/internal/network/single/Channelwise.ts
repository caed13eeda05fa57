import type { Kernels } from "@nonconvex/numerics/Kernels"
import type { ChannelMap } from "./ChannelMap.ts"
import { isConstant, type Signal } from "./Signal.ts"
import type { Stage } from "./Stage.ts"

/** Allocates numbers in the memory of the kernels. */
export interface Space {
  f32(length: number): Float32Array
  f64(length: number): Float64Array
}

/**
 * The stage `y = map(z) + addend`, or its positive part if the output has a gate. It covers a bias or a normalisation, the end of
 * a residual block, and a relu. It takes one pass forward and two backward.
 */
export const channelwise = (
  kernels: Kernels,
  space: Space,
  channels: number,
  map: ChannelMap | undefined,
  input: Signal,
  addend: Signal | undefined,
  output: Signal,
): Stage => {
  const rows = output.value.length / channels
  const sums = space.f64(2 * channels)
  const ahead = space.f32(3 * channels)
  const back = space.f32(3 * channels)
  for (let c = 0; c < channels; c++) {
    ahead[c] = back[c] = 1
    ahead[channels + c] = 1
  }
  const isPositive = output.gate === output.value
  return {
    load: (x) => map?.load(x),
    forward: (byBatch) => {
      if (map !== undefined) {
        if (map.readsBatch && byBatch)
          kernels.channelSums(input.value, input.value, undefined, sums)
        map.forward(byBatch, rows, sums, ahead)
      }
      kernels.combineChannels(
        ahead,
        input.value,
        addend?.value,
        undefined,
        isPositive,
        output.value,
      )
    },
    backward: (gradient) => {
      const { adjoint, gate } = output
      if (map !== undefined) {
        kernels.channelSums(adjoint, map.readsInput ? input.value : adjoint, gate, sums)
        map.backward(rows, sums, back, gradient)
      }
      if (isConstant(input)) return
      const isThere = input.adjoint === adjoint && gate === undefined && map?.readsInput !== true
      if (isThere) return
      const other = map?.readsInput === true ? input.value : undefined
      kernels.combineChannels(back, adjoint, other, gate, false, input.adjoint)
    },
  }
}

/**
 * Start of a residual block, whose input's adjoint is that of the branch; in the backward pass that of the shortcut is
 * added.
 */
export const fork = (
  kernels: Kernels,
  space: Space,
  channels: number,
  input: Signal,
  shortcut: Signal,
): Stage => {
  const ones = space.f32(3 * channels)
  ones.fill(1, 0, 2 * channels)
  return {
    load: () => undefined,
    // the values are those of the input
    forward: () => undefined,
    backward: () => {
      if (isConstant(input)) return
      const { adjoint, gate } = shortcut
      kernels.combineChannels(ones, adjoint, input.adjoint, gate, false, input.adjoint)
    },
  }
}
