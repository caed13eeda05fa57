/** Stages that move and add values: an embedding of integers, trainable positions and tokens, one position, and residual sums. */
import { singleSamples } from "./PerSample.ts"
import type { Layer } from "./Nodes.ts"
import { slice, type Signal } from "./Signal.ts"
import { nothing, type Stage } from "./Stage.ts"

/** The stage that replaces each integer by its row of the weights. */
export const embedding = (
  {
    layer: { inputs: features, outputs: entries, weights },
    width,
  }: { readonly layer: Layer; readonly width: number },
  parameters: Signal,
  input: Signal,
  output: Signal,
): Stage => {
  const table = slice(parameters, weights, weights + entries * features)
  const count = input.value.length
  const read = (from: Float64Array, out: Float64Array): void => {
    for (let i = 0; i < count; i++) {
      const row = input.value[i]! * features
      out.set(from.subarray(row, row + features), i * features)
    }
  }
  const add = (from: Float64Array, out: Float64Array, begin = 0, end = count): void => {
    for (let i = begin; i < end; i++) {
      const row = input.value[i]! * features
      for (let j = 0; j < features; j++) out[row + j]! += from[i * features + j]!
    }
  }
  const each = width / features
  return {
    forward: () => read(table.value, output.value),
    forwardTangent: () => read(table.tangent, output.tangent),
    // it reads the data
    backward: nothing,
    backwardTangent: () => add(output.adjointTangent, table.adjointTangent),
    accumulate: () => add(output.adjoint, table.adjoint),
    perSample: singleSamples(weights, entries * features, count / each, (i, out) =>
      add(output.adjoint, out, i * each, (i + 1) * each),
    ),
  }
}

/** Adds b to a; b is repeated where it is shorter. */
const addUp = (a: Float64Array, b: Float64Array, out: Float64Array): void => {
  const width = b.length
  for (let at = 0; at < out.length; at += width) {
    for (let j = 0; j < width; j++) out[at + j] = a[at + j]! + b[j]!
  }
}

/** The stage that adds a trainable number to each number of a sample. */
export const shift = (
  { begin, width }: { readonly begin: number; readonly width: number },
  parameters: Signal,
  input: Signal,
  output: Signal,
): Stage => {
  const own = slice(parameters, begin, begin + width)
  const add = (from: Float64Array, out: Float64Array): void => {
    for (let i = 0; i < from.length; i++) out[i % width]! += from[i]!
  }
  return {
    forward: () => addUp(input.value, own.value, output.value),
    forwardTangent: () => addUp(input.tangent, own.tangent, output.tangent),
    backward: () => input.adjoint.set(output.adjoint),
    backwardTangent: () => {
      input.adjointTangent.set(output.adjointTangent)
      add(output.adjointTangent, own.adjointTangent)
    },
    accumulate: () => add(output.adjoint, own.adjoint),
    perSample: singleSamples(begin, width, output.value.length / width, (i, out) =>
      add(output.adjoint.subarray(i * width, (i + 1) * width), out),
    ),
  }
}

/** The stage that puts a trainable position before those of the input. */
export const token = (
  {
    begin,
    channels,
    width,
  }: { readonly begin: number; readonly channels: number; readonly width: number },
  parameters: Signal,
  input: Signal,
  output: Signal,
): Stage => {
  const own = slice(parameters, begin, begin + channels)
  const samples = output.value.length / width
  const rest = width - channels
  const join = (first: Float64Array, from: Float64Array, out: Float64Array): void => {
    for (let i = 0; i < samples; i++) {
      out.set(first, i * width)
      out.set(from.subarray(i * rest, (i + 1) * rest), i * width + channels)
    }
  }
  const split = (from: Float64Array, out: Float64Array): void => {
    for (let i = 0; i < samples; i++) {
      out.set(from.subarray(i * width + channels, (i + 1) * width), i * rest)
    }
  }
  const add = (from: Float64Array, out: Float64Array, first = 0, end = samples): void => {
    for (let i = first; i < end; i++) {
      for (let c = 0; c < channels; c++) out[c]! += from[i * width + c]!
    }
  }
  return {
    forward: () => join(own.value, input.value, output.value),
    forwardTangent: () => join(own.tangent, input.tangent, output.tangent),
    backward: () => split(output.adjoint, input.adjoint),
    backwardTangent: () => {
      split(output.adjointTangent, input.adjointTangent)
      add(output.adjointTangent, own.adjointTangent)
    },
    accumulate: () => add(output.adjoint, own.adjoint),
    perSample: singleSamples(begin, channels, samples, (i, out) =>
      add(output.adjoint, out, i, i + 1),
    ),
  }
}

/** The stage that keeps one position of each sample. */
export const position = (
  { at, before, width }: { readonly at: number; readonly before: number; readonly width: number },
  input: Signal,
  output: Signal,
): Stage => {
  const samples = output.value.length / width
  const choose = (from: Float64Array, out: Float64Array): void => {
    for (let i = 0; i < samples; i++) {
      const begin = i * before + at * width
      out.set(from.subarray(begin, begin + width), i * width)
    }
  }
  const place = (from: Float64Array, out: Float64Array): void => {
    out.fill(0)
    for (let i = 0; i < samples; i++) {
      out.set(from.subarray(i * width, (i + 1) * width), i * before + at * width)
    }
  }
  return {
    forward: () => choose(input.value, output.value),
    forwardTangent: () => choose(input.tangent, output.tangent),
    backward: () => place(output.adjoint, input.adjoint),
    backwardTangent: () => place(output.adjointTangent, input.adjointTangent),
    accumulate: nothing,
  }
}

/** Splits into branch and shortcut: both read the input, and backward their adjoints add up. */
export const fork = (input: Signal, branch: Signal, shortcut: Signal): Stage => ({
  // nothing to do forward: their values and tangents are those of the input
  forward: nothing,
  forwardTangent: nothing,
  backward: () => addUp(branch.adjoint, shortcut.adjoint, input.adjoint),
  backwardTangent: () =>
    addUp(branch.adjointTangent, shortcut.adjointTangent, input.adjointTangent),
  accumulate: nothing,
})

/** Joins branch and shortcut: the sum of both. */
export const join = (branch: Signal, shortcut: Signal, output: Signal): Stage => ({
  forward: () => addUp(branch.value, shortcut.value, output.value),
  forwardTangent: () => addUp(branch.tangent, shortcut.tangent, output.tangent),
  backward: () => {
    branch.adjoint.set(output.adjoint)
    shortcut.adjoint.set(output.adjoint)
  },
  backwardTangent: () => {
    branch.adjointTangent.set(output.adjointTangent)
    shortcut.adjointTangent.set(output.adjointTangent)
  },
  accumulate: nothing,
})
