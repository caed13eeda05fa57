import * as Constants from "../Constants.ts"
import { invalid, requireCount, requireLength } from "../Input.ts"
import type { SmoothFiniteSum } from "../LinearModel.ts"
import { everyIndex, requireSamples, type Samples } from "../Samples.ts"
import type { Architecture } from "./Architecture.ts"
import type { Loss } from "./Loss.ts"
import * as Passes from "./Passes.ts"

/** The mean loss of a fully connected network over samples, as a function of its parameters. */
export interface Network extends SmoothFiniteSum {
  readonly architecture: Architecture
  /** Writes the outputs for each row of `inputs` at the parameters `x`, row-major, before any softmax. */
  predict(x: Float64Array, inputs: Float64Array, outputs: Float64Array): void
  /** The share of the rows of `inputs` whose largest output, the first where several are, is that of the label. */
  accuracy(x: Float64Array, inputs: Float64Array, labels: ArrayLike<number>): number
}

/** Samples that pass through the layers together; a larger batch goes through in several turns. */
const capacity = 128

const gather = (
  features: Float64Array,
  indices: Uint32Array,
  start: number,
  rows: number,
  dimension: number,
  out: Float64Array,
): void => {
  for (let i = 0; i < rows; i++) {
    const from = indices[start + i]! * dimension
    for (let j = 0; j < dimension; j++) out[i * dimension + j] = features[from + j]!
  }
}

/**
 * The network with the given architecture and loss on samples of `widths[0]` features.
 *
 * Gradient and Hessian-vector product are exact (where ReLU has a kink: those of its right-hand limit at 0 being 0). Their memory
 * is laid out here for any batch; nothing is allocated later. Keeps the features. Throws InvalidInput where samples, architecture
 * and targets do not fit together or are not finite.
 */
export const network = (
  options: Samples & { readonly architecture: Architecture; readonly loss: Loss },
): Network => {
  const { architecture, dimension: inputs, features } = options
  const size = requireSamples("network", options)
  if (inputs !== architecture.widths[0]) {
    invalid("network", "samples and first layer must have the same width", {
      dimension: inputs,
      "widths[0]": architecture.widths[0]!,
    })
  }
  const outputs = architecture.widths.at(-1)!
  const passes = Passes.passes(architecture, capacity)
  const { input, output, parameters } = passes
  const loss = options.loss.attach(output, outputs, capacity, size)
  const all = everyIndex(size)

  const batchValueAndGradient: Network["batchValueAndGradient"] = (indices, x, gradient) => {
    const count = indices.length
    let sum = 0
    parameters.value.set(x)
    parameters.adjoint.fill(0)
    for (let start = 0; start < count; start += capacity) {
      const rows = Math.min(capacity, count - start)
      gather(features, indices, start, rows, inputs, input.value)
      Passes.forward(passes, rows)
      sum += loss.evaluate(indices, start, rows, 1 / count)
      Passes.backward(passes, rows)
    }
    gradient.set(parameters.adjoint)
    return sum / count
  }

  const batchHessianVector: Network["batchHessianVector"] = (indices, x, v, out) => {
    const count = indices.length
    parameters.value.set(x)
    parameters.tangent.set(v)
    parameters.adjointTangent.fill(0)
    for (let start = 0; start < count; start += capacity) {
      const rows = Math.min(capacity, count - start)
      gather(features, indices, start, rows, inputs, input.value)
      Passes.forward(passes, rows)
      Passes.forwardTangent(passes, rows)
      loss.evaluate(indices, start, rows, 1 / count)
      loss.evaluateTangent(rows, 1 / count)
      Passes.backwardTangent(passes, rows)
    }
    out.set(parameters.adjointTangent)
  }

  /** Runs `inputs` through the network in turns; `visit` reads the outputs of the rows from `start` on. */
  const run = (
    x: Float64Array,
    rowsOfInputs: Float64Array,
    visit: (start: number, rows: number) => void,
  ): number => {
    const count = rowsOfInputs.length / inputs
    requireCount("network", "inputs.length / widths[0]", count, 0)
    requireLength("network", "x", x, architecture.dimension)
    parameters.value.set(x)
    for (let start = 0; start < count; start += capacity) {
      const rows = Math.min(capacity, count - start)
      input.value.set(rowsOfInputs.subarray(start * inputs, (start + rows) * inputs))
      Passes.forward(passes, rows)
      visit(start, rows)
    }
    return count
  }

  return {
    name: `network ${architecture.widths.join("-")}, ${architecture.activation.name}, ${options.loss.name}`,
    dimension: architecture.dimension,
    size,
    architecture,
    constants: { minimum: Constants.bound(0, "no sample has a negative loss") },
    batchValueAndGradient,
    batchHessianVector,
    valueAndGradient: (x, gradient) => batchValueAndGradient(all, x, gradient),
    hessianVector: (x, v, out) => batchHessianVector(all, x, v, out),
    predict: (x, rowsOfInputs, out) => {
      requireLength("predict", "outputs", out, (rowsOfInputs.length / inputs) * outputs)
      run(x, rowsOfInputs, (start, rows) =>
        out.set(output.value.subarray(0, rows * outputs), start * outputs),
      )
    },
    accuracy: (x, rowsOfInputs, labels) => {
      requireLength("accuracy", "labels", labels, rowsOfInputs.length / inputs)
      let correct = 0
      const count = run(x, rowsOfInputs, (start, rows) => {
        for (let i = 0; i < rows; i++) {
          let best = 0
          for (let j = 1; j < outputs; j++) {
            if (output.value[i * outputs + j]! > output.value[i * outputs + best]!) best = j
          }
          if (best === labels[start + i]) correct++
        }
      })
      return correct / count
    },
  }
}
