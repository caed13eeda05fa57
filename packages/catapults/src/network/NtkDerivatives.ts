/**
 * Products with the Jacobian of a network, its Gram matrix and its input gradients, computed from a forward and a
 * backward pass.
 *
 * With one output everything follows from the sensitivities. `J' q` is the product `(q D_l)' H_(l-1)` of each layer. The kernel
 * is the sum of `(H_(l-1) H_(l-1)' / m) * (D_l D_l')` (entry by entry), and the input gradients are `D_1 W_1 / sqrt(d)`. Derived
 * here; for two layers it is the closed form of `theory/TwoLayer.ts`.
 */
import { invalid } from "@nonconvex/numerics/InvalidInput"
import * as Require from "@nonconvex/numerics/Require"
import type { Floats } from "./Model.ts"
import { biasesOf, type NtkPass, weightsOf } from "./NtkPass.ts"

/** `to = q row of from`, row by row. */
const scaleRows = <A extends Floats>(q: A, from: A, width: number, to: A): void => {
  for (let k = 0, at = 0; k < q.length; k++) {
    const factor = q[k]!
    for (let i = 0; i < width; i++, at++) to[at] = factor * from[at]!
  }
}

/** `target += alpha J' q` in hidden layer l, from its sensitivities. */
const pullHidden = <A extends Floats>(
  pass: NtkPass<A>,
  l: number,
  alpha: number,
  q: A,
  target: A,
): void => {
  const { frame, kernels } = pass
  const layer = pass.hidden[l]!
  const { inputs: m, outputs, scale } = layer
  const d = frame.sensitivity[l]!
  const scaled = frame.scaledOutput[l]!
  scaleRows(q, d, outputs, scaled)
  const factor = alpha * scale
  const weights = weightsOf(target, layer)
  kernels.gemm(true, false, outputs, m, frame.rows, factor, scaled, pass.inputOf(l), 1, weights)
  const bias = biasesOf(target, layer)
  if (bias !== undefined) kernels.gemv(true, frame.rows, outputs, alpha, d, q, 1, bias)
}

/**
 * Same product for a last hidden layer with fewer inputs than samples: `diag(w) slope' (q H)`, without storing the
 * sensitivities `slope * w / sqrt(m)`.
 */
const pullNarrow = <A extends Floats>(pass: NtkPass<A>, alpha: number, q: A, target: A): void => {
  const { frame, kernels, last, memory, outputWeights: w } = pass
  const l = pass.hidden.length - 1
  const layer = pass.hidden[l]!
  const { inputs: m, outputs, scale } = layer
  const { rows, scaledInput } = frame
  const slope = frame.slopes[l]!
  scaleRows(q, pass.inputOf(l), m, scaledInput)
  const factor = alpha * scale * last.scale
  const { product } = memory
  kernels.gemm(true, false, outputs, m, rows, factor, slope, scaledInput, 0, product)
  const weights = weightsOf(target, layer)
  for (let i = 0, at = 0; i < outputs; i++) {
    for (let j = 0; j < m; j++, at++) weights[at]! += w[i]! * product[at]!
  }
  const bias = biasesOf(target, layer)
  if (bias === undefined) return
  const change = product.subarray(0, outputs) as A
  kernels.gemv(true, rows, outputs, alpha * last.scale, slope, q, 0, change)
  for (let i = 0; i < outputs; i++) bias[i]! += w[i]! * change[i]!
}

/** `target += alpha J' q`; if the target is the parameters of the last pass, this is a step in place. */
export const addPullback = <A extends Floats>(
  pass: NtkPass<A>,
  alpha: number,
  q: A,
  target: A,
): void => {
  const { frame, hidden, kernels, last } = pass
  const { rows } = frame
  Require.length("ntkNetwork", "q", q.length, rows)
  Require.length("ntkNetwork", "target", target.length, pass.architecture.dimension)
  const top = hidden.length - 1
  const isNarrow = top >= 0 && hidden[top]!.inputs < rows
  // all of them before any weight moves
  if (top > 0 || !isNarrow) pass.backward()
  pass.noteMove(target)
  for (let l = 0; l <= top; l++) {
    if (l === top && isNarrow) pullNarrow(pass, alpha, q, target)
    else pullHidden(pass, l, alpha, q, target)
  }
  const factor = alpha * last.scale
  const weights = weightsOf(target, last)
  kernels.gemv(true, rows, last.inputs, factor, pass.inputOf(hidden.length), q, 1, weights)
  if (last.bias === undefined) return
  let sum = 0
  for (let k = 0; k < q.length; k++) sum += q[k]!
  target[last.bias]! += alpha * sum
}

/** `out = J v`. */
export const pushforward = <A extends Floats>(pass: NtkPass<A>, v: A, out: A): void => {
  const { frame, hidden, kernels, last } = pass
  const { rows } = frame
  Require.length("ntkNetwork", "v", v.length, pass.architecture.dimension)
  Require.length("ntkNetwork", "out", out.length, rows)
  pass.backward()
  const final = pass.inputOf(hidden.length)
  kernels.gemv(false, rows, last.inputs, last.scale, final, weightsOf(v, last), 0, out)
  if (last.bias !== undefined) for (let k = 0; k < rows; k++) out[k]! += v[last.bias]!
  for (let l = 0; l < hidden.length; l++) {
    const layer = hidden[l]!
    const { bias, inputs: m, outputs, scale } = layer
    const moved = frame.scaledOutput[l]!
    const weights = weightsOf(v, layer)
    kernels.gemm(false, true, rows, outputs, m, scale, pass.inputOf(l), weights, 0, moved)
    const d = frame.sensitivity[l]!
    for (let k = 0, at = 0; k < rows; k++) {
      let sum = 0
      for (let i = 0; i < outputs; i++, at++) {
        sum += d[at]! * (bias === undefined ? moved[at]! : moved[at]! + v[bias + i]!)
      }
      out[k]! += sum
    }
  }
}

/** `K = J J'`, row-major; sums in float64. */
export const tangentKernel = <A extends Floats>(pass: NtkPass<A>, out: Float64Array): void => {
  const { frame, hidden, kernels, memory } = pass
  const { rows } = frame
  Require.length("ntkNetwork", "out", out.length, rows * rows)
  pass.backward()
  const { left: room, right } = memory.grams(rows)
  out.fill(0)
  pass.architecture.layers.forEach(({ bias, inputs: m, outputs }, l) => {
    const ones = bias === undefined ? 0 : 1
    const left = l === 0 && frame === memory.frame() ? memory.inputGram() : room
    if (left === room) kernels.syrk(false, rows, m, 1 / m, pass.inputOf(l), 0, left)
    if (l === hidden.length) {
      for (let i = 0; i < out.length; i++) out[i]! += left[i]! + ones
      return
    }
    kernels.syrk(false, rows, outputs, 1, frame.sensitivity[l]!, 0, right)
    for (let i = 0; i < out.length; i++) out[i]! += (left[i]! + ones) * right[i]!
  })
}

/** The gradients in the inputs, one row per sample. Throws InvalidInput after a step in place, which overwrites the weights of the pass. */
export const inputGradients = <A extends Floats>(pass: NtkPass<A>, out: A): void => {
  const { frame, kernels, outputWeights } = pass
  const { rows } = frame
  const { inputs, outputs, scale } = pass.architecture.layers[0]!
  Require.length("ntkNetwork", "out", out.length, rows * inputs)
  if (pass.hidden.length === 0) {
    for (let k = 0; k < rows; k++) {
      for (let j = 0; j < inputs; j++) out[k * inputs + j] = scale * outputWeights[j]!
    }
    return
  }
  if (pass.hasMoved) {
    invalid(
      "ntkNetwork",
      "call predict again before inputGradients: a step changed the parameters",
      {
        samples: rows,
      },
    )
  }
  pass.backward()
  const d = frame.sensitivity[0]!
  kernels.gemm(false, false, rows, inputs, outputs, scale, d, pass.weights[0]!, 0, out)
}
