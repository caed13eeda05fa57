/** Elementwise functions and losses of networks. */
import { invalid } from "../InvalidInput.ts"
import * as Check from "./Check.ts"
import type { Engine } from "./Engine.ts"
import * as Twin from "./reference/Activation.ts"
import * as Softmax from "./reference/Softmax.ts"
import type { Floats } from "./Staging.ts"

/**
 * An elementwise function: x, max(x, 0), tanh x, 1 / (1 + e^-x), log(1 + e^x), x^2, x^3. The slope of relu at 0 is 0; the value at
 * NaN is NaN.
 *
 * Errors are below 3 ulp of the value; no `Math.tanh` or `Math.exp`, so the bits are the same on every engine.
 */
export type Activation = (typeof Twin.names)[number]

export interface NetworkKernels {
  /**
   * value = phi(x) and slope = phi'(x), element by element; float64 or float32, all alike, computed in float64. `value` or
   * `slope` may be `x`. Throws InvalidInput on different lengths, and where arrays overlap otherwise.
   */
  readonly activate: <A extends Floats>(name: Activation, x: A, value: A, slope: A) => void
  /** bend = phi''(x), from the output of `activate`; `x` must still be the argument. `bend` may be one of the others. Throws as activate. */
  readonly bend: <A extends Floats>(name: Activation, x: A, value: A, slope: A, bend: A) => void
  /**
   * Writes the softmax of each row (rows x classes) into `probabilities`. Returns the sum over the rows of the cross entropy log
   * sum_j e^(f_j) - f_label in nats. Neither overflows. The gradient of the sum is `probabilities` minus 1 at the label.
   *
   * float64 or float32; the sums run in float64. Throws InvalidInput on wrong lengths, on labels outside
   * 0 .. classes - 1, and where `probabilities` overlaps `logits`.
   */
  readonly softmaxCrossEntropy: <A extends Floats>(
    rows: number,
    classes: number,
    logits: A,
    labels: Int32Array,
    probabilities: A,
  ) => number
}

/** Below this many elements the plain loop is faster than a call with its copies. */
const small = 32

export const networkKernels = (engine: Engine): NetworkKernels => ({
  activate: activate(engine),
  bend,
  softmaxCrossEntropy: softmaxCrossEntropy(engine),
})

const activate =
  ({ exports: wasm, staging }: Engine): NetworkKernels["activate"] =>
  (name, x: Floats, value: Floats, slope: Floats) => {
    const n = x.length
    Check.length("Kernels.activate", "value", value, n)
    Check.length("Kernels.activate", "slope", slope, n)
    Check.sameType("Kernels.activate", x, value, slope)
    Check.elementwise("Kernels.activate", "value and x", value, x)
    Check.elementwise("Kernels.activate", "slope and x", slope, x)
    Check.apart("Kernels.activate", "value and slope", value, slope)
    if (wasm === undefined || n < small) return Twin.activate(name, x, value, slope)
    try {
      const run = x.BYTES_PER_ELEMENT === 8 ? wasm.activate : wasm.activate32
      const px = staging.input(x)
      const pv = staging.output(value, false)
      const ps = staging.output(slope, false)
      run(Twin.names.indexOf(name), n, px, pv, ps)
      staging.back(value, pv)
      staging.back(slope, ps)
    } finally {
      staging.end()
    }
  }

const bend = (name: Activation, x: Floats, value: Floats, slope: Floats, out: Floats): void => {
  const n = x.length
  Check.length("Kernels.bend", "value", value, n)
  Check.length("Kernels.bend", "slope", slope, n)
  Check.length("Kernels.bend", "bend", out, n)
  Check.elementwise("Kernels.bend", "bend and x", out, x)
  Check.elementwise("Kernels.bend", "bend and value", out, value)
  Check.elementwise("Kernels.bend", "bend and slope", out, slope)
  switch (name) {
    case "identity":
    case "relu":
      out.fill(0)
      break
    case "tanh":
      for (let i = 0; i < n; i++) out[i] = -2 * value[i]! * slope[i]!
      break
    case "sigmoid":
      for (let i = 0; i < n; i++) out[i] = slope[i]! * (1 - 2 * value[i]!)
      break
    case "softplus":
      for (let i = 0; i < n; i++) out[i] = slope[i]! * (1 - slope[i]!)
      break
    case "square":
      out.fill(2)
      break
    case "cube":
      for (let i = 0; i < n; i++) out[i] = 6 * x[i]!
      break
  }
}

const softmaxCrossEntropy =
  ({ exports: wasm, staging }: Engine): NetworkKernels["softmaxCrossEntropy"] =>
  (rows, classes, logits: Floats, labels, probabilities: Floats) => {
    const operation = "Kernels.softmaxCrossEntropy"
    Check.dimensions(operation, rows, classes)
    Check.length(operation, "logits", logits, rows * classes)
    Check.length(operation, "labels", labels, rows)
    Check.length(operation, "probabilities", probabilities, rows * classes)
    Check.sameType(operation, logits, probabilities, probabilities)
    Check.apart(operation, "logits and probabilities", probabilities, logits)
    for (let i = 0; i < rows; i++) {
      const label = labels[i]!
      if (label < 0 || label >= classes) {
        invalid(operation, "labels must be from 0 to classes - 1", { index: i, label, classes })
      }
    }
    if (wasm === undefined || rows * classes < small) {
      return Softmax.crossEntropy(rows, classes, logits, labels, probabilities)
    }
    try {
      const run = logits.BYTES_PER_ELEMENT === 8 ? wasm.crossEntropy : wasm.crossEntropy32
      const pf = staging.input(logits)
      const pl = staging.input(labels)
      const pp = staging.output(probabilities, false)
      const loss = run(rows, classes, pf, pl, pp)
      staging.back(probabilities, pp)
      return loss
    } finally {
      staging.end()
    }
  }
