/**
 * Memory of a network in the NTK parametrisation: one frame per batch size, in the memory of the kernels if it is
 * large.
 */
import type * as Kernels from "@nonconvex/numerics/Kernels"
import * as Require from "@nonconvex/numerics/Require"
import { kernelMemory } from "./KernelMemory.ts"
import type { Floats } from "./Model.ts"
import type { NtkArchitecture } from "./NtkArchitecture.ts"

/** Throws InvalidInput on features that are not finite. */
export const frames = <A extends Floats>(
  { dimension, layers, widths }: NtkArchitecture,
  features: A,
  size: number,
  shared: Kernels.Kernels,
) => {
  Require.allFinite("ntkNetwork", "features", features)
  const hidden = widths.slice(1, -1)
  const perRow = widths[0]! + 4 * hidden.reduce((sum, width) => sum + width, 0)
  const before = layers.at(-2)?.inputs ?? 0
  const product = before * (layers.at(-2)?.outputs ?? 0)
  // frames of smaller batches and the copies of ordinary arrays come on top
  const bytes = 8 * (3 * size * (perRow + before) + 5 * dimension + 2 * product + 6 * size * size)
  const { doubles, floats, kernels } = kernelMemory(shared, bytes, features)

  const whole = floats(features.length)
  whole.set(features)
  const inputs = widths[0]!
  const grams = new Map<number, { readonly left: Float64Array; readonly right: Float64Array }>()
  const perLayer = (rows: number) => hidden.map((width) => floats(rows * width))
  /** Buffers of a forward and a backward pass of `rows` samples; hidden layer l has width m_l. */
  const make = (rows: number, input: A) => ({
    rows,
    input,
    /** Activations, slopes and sensitivities of hidden layer l, `rows` x m_l. */
    values: perLayer(rows),
    slopes: perLayer(rows),
    sensitivity: perLayer(rows),
    scaledOutput: perLayer(rows),
    /** The inputs of the last hidden layer with scaled rows. */
    scaledInput: floats(rows * before),
  })
  const made = new Map<number, ReturnType<typeof make>>()
  const all = make(size, whole)
  let gram: Float64Array | undefined
  const gramOfInputs = () => {
    const out = doubles(size * size)
    kernels.syrk(false, size, inputs, 1 / inputs, whole, 0, out)
    return out
  }
  return {
    kernels,
    floats,
    /** `X X' / d` of all inputs, computed once. */
    inputGram: () => (gram ??= gramOfInputs()),
    /** Room for the weights of the last hidden layer. */
    product: floats(product),
    /** Frame with the samples `indices` as its input; default all. */
    frame: (indices?: Uint32Array) => {
      if (indices === undefined) return all
      const rows = indices.length
      const frame = made.get(rows) ?? make(rows, floats(rows * inputs))
      made.set(rows, frame)
      const { input } = frame
      for (let k = 0; k < rows; k++) {
        const from = indices[k]! * inputs
        for (let j = 0; j < inputs; j++) input[k * inputs + j] = features[from + j]!
      }
      return frame
    },
    grams: (rows: number) => {
      const existing = grams.get(rows)
      if (existing !== undefined) return existing
      const pair = { left: doubles(rows * rows), right: doubles(rows * rows) }
      grams.set(rows, pair)
      return pair
    },
  }
}

export type Memory<A extends Floats> = ReturnType<typeof frames<A>>
