/** Convolutions and dense layers in float32, without their biases. */
import type { Kernels } from "@nonconvex/numerics/Kernels"
import type { Layer } from "../Nodes.ts"
import type { Window } from "../Window.ts"
import { isConstant, type Signal } from "./Signal.ts"
import type { Stage } from "./Stage.ts"

type Allocate = (length: number) => Float32Array

/**
 * The layer applied to each window of `rows` images. The kernels store the weights of all outputs for each element of a
 * window next to each other.
 */
export const convolution = (
  kernels: Kernels,
  allocate: Allocate,
  { inputs, outputs, weights: begin }: Layer,
  { input: image, left, output: places, size, stride, top }: Window,
  rows: number,
  input: Signal,
  output: Signal,
): Stage => {
  const shape = Uint32Array.of(
    rows,
    image.height,
    image.width,
    image.channels,
    size.height,
    size.width,
    outputs,
    places.height,
    places.width,
    stride.height,
    stride.width,
    top,
    left,
  )
  const weights = allocate(inputs * outputs)
  const slopes = allocate(inputs * outputs)
  return {
    load: (x) => {
      for (let o = 0; o < outputs; o++) {
        const from = begin + o * inputs
        for (let k = 0; k < inputs; k++) weights[k * outputs + o] = x[from + k]!
      }
    },
    forward: () => kernels.convolve(shape, input.value, weights, output.value),
    backward: (gradient) => {
      kernels.filterGradient(shape, input.value, output.adjoint, slopes)
      for (let o = 0; o < outputs; o++) {
        const to = begin + o * inputs
        for (let k = 0; k < inputs; k++) gradient[to + k]! += slopes[k * outputs + o]!
      }
      if (!isConstant(input)) kernels.imageGradient(shape, output.adjoint, weights, input.adjoint)
    },
  }
}

/** The layer at `places` places of all rows together. */
export const dense = (
  { gemm }: Kernels,
  allocate: Allocate,
  { inputs, outputs, weights: begin }: Layer,
  places: number,
  input: Signal,
  output: Signal,
): Stage => {
  const weights = allocate(inputs * outputs)
  const slopes = allocate(inputs * outputs)
  return {
    load: (x) => {
      for (let k = 0; k < weights.length; k++) weights[k] = x[begin + k]!
    },
    forward: () =>
      gemm(false, true, places, outputs, inputs, 1, input.value, weights, 0, output.value),
    backward: (gradient) => {
      gemm(true, false, outputs, inputs, places, 1, output.adjoint, input.value, 0, slopes)
      for (let k = 0; k < slopes.length; k++) gradient[begin + k]! += slopes[k]!
      if (isConstant(input)) return
      gemm(false, false, places, inputs, outputs, 1, output.adjoint, weights, 0, input.adjoint)
    },
  }
}
