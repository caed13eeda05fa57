/** Rows that enter a network, and rows that leave it. */
import * as Require from "@nonconvex/numerics/Require"
import { invalid } from "@nonconvex/numerics/InvalidInput"
import type { Architecture } from "../../network/Architecture.ts"

import * as Memory from "./Memory.ts"
import { requireSamples, type Samples } from "../Samples.ts"

/** Counts the samples. Throws InvalidInput if there are none, or if their width is not that of the first layer. */
export const requireRows = (
  operation: string,
  options: Samples & { readonly architecture: Architecture },
): number => {
  const { architecture, dimension } = options
  const size = requireSamples(operation, options)
  if (dimension !== architecture.inputs) {
    invalid(operation, "samples and first layer must have the same width", {
      dimension,
      inputs: architecture.inputs,
    })
  }
  const first = architecture.nodes[0]
  if (first?._tag === "Embedding") requireEntries(operation, options.features, first.layer.outputs)
  return size
}

/** Throws InvalidInput unless every feature is the number of an entry of an embedding. */
const requireEntries = (operation: string, features: Float64Array, entries: number): void => {
  const bad = features.findIndex(
    (value) => !(Number.isInteger(value) && value >= 0 && value < entries),
  )
  if (bad < 0) return
  invalid(operation, `an embedding reads integers from 0 to ${entries - 1}`, {
    [`features[${bad}]`]: features[bad]!,
  })
}

/**
 * Features of the samples listed in `indices` from `start` on, as many as fit into `out`. Throws InvalidInput on indices out
 * of range.
 */
export const gather = (
  features: Float64Array,
  indices: Uint32Array,
  start: number,
  dimension: number,
  out: Float64Array,
): void => {
  for (let at = 0, k = start; at < out.length; at += dimension, k++) {
    const from = indices[k]! * dimension
    if (from >= features.length) {
      invalid("network", "indices must be indices of samples", {
        [`indices[${k}]`]: indices[k]!,
        samples: features.length / dimension,
      })
    }
    for (let j = 0; j < dimension; j++) out[at + j] = features[from + j]!
  }
}

/** Predictor of a network in the given memory, for rows of inputs. */
export const predictor = (memory: Memory.Memory, { inputs, outputs }: Architecture) => {
  const { capacity } = memory
  /** Runs the rows of `from` through the network in turns; `visit` reads the outputs of the rows from `start` on. */
  const run = (
    x: Float64Array,
    from: Float64Array,
    visit: (start: number, outputs: Float64Array) => void,
  ): void => {
    const count = from.length / inputs
    Require.count("network", "inputs.length / architecture.inputs", count, 0)
    Memory.setParameters(memory, x)
    for (let start = 0; start < count; start += capacity) {
      const frame = memory.frame(Math.min(capacity, count - start))
      frame.input.set(from.subarray(start * inputs, (start + frame.rows) * inputs))
      Memory.forward(frame)
      visit(start, frame.output.value)
    }
  }
  return {
    predict: (x: Float64Array, from: Float64Array, out: Float64Array): void => {
      Require.length("predict", "outputs", out.length, (from.length / inputs) * outputs)
      run(x, from, (start, values) => out.set(values, start * outputs))
    },
    accuracy: (x: Float64Array, from: Float64Array, labels: ArrayLike<number>): number => {
      const count = from.length / inputs
      Require.length("accuracy", "labels", labels.length, count)
      let correct = 0
      run(x, from, (start, values) => {
        for (let at = 0, k = start; at < values.length; at += outputs, k++) {
          let best = 0
          for (let j = 1; j < outputs; j++) if (values[at + j]! > values[at + best]!) best = j
          if (best === labels[k]) correct++
        }
      })
      return correct / count
    },
  }
}
