/** Hessian-vector products in float32: by differences of gradients, or by the gradient of a gradient. */
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Vector from "@nonconvex/numerics/Vector"
import * as tf from "@tensorflow/tfjs"
import { NoSecondGradient } from "../Failures.ts"
import * as Pass from "./Pass.ts"
import * as Weights from "./Weights.ts"

/** Cube root of float32's epsilon, at which the rounding error eps / h equals the truncation error h^2. */
const relativeStep = Elementary.pow(2, -23 / 3)

/**
 * H(x) v into `out` as (g(x + h v) - g(x - h v)) / 2h with h = 0.0049 max(1, |x|) / |v|; zero where v is zero.
 *
 * The step used for float64 gradients, 1e-5, would only measure the rounding of float32. The relative error is about 1e-4 of
 * the gradient's scale. `work` has twice the length of x.
 */
export const differences = (
  gradient: (x: Float64Array, out: Float64Array) => void,
  x: Float64Array,
  v: Float64Array,
  out: Float64Array,
  work: Float64Array,
): void => {
  const n = x.length
  const length = Vector.norm(v)
  if (length === 0) {
    out.fill(0)
    return
  }
  const h = (relativeStep * Math.max(1, Vector.norm(x))) / length
  const point = work.subarray(0, n)
  const minus = work.subarray(n)
  for (let i = 0; i < n; i++) point[i] = x[i]! - h * v[i]!
  gradient(point, minus)
  for (let i = 0; i < n; i++) point[i] = x[i]! + h * v[i]!
  gradient(point, out)
  for (let i = 0; i < n; i++) out[i] = (out[i]! - minus[i]!) / (2 * h)
}

/**
 * Puts every operation on the tape after those that made its inputs.
 *
 * TensorFlow.js 4.22 records the copy of an output that an operation keeps for its gradient (tanh, sigmoid, exp, softmax do)
 * before the operation itself. The second gradient walks the tape once, in its order, and treats these copies as constants.
 * The Hessian of a network with tanh is then wrong, without an error. In the right order it is correct.
 */
const orderTape = (): void => {
  const tape = tf.engine().state.activeTape
  const maker = new Map(tape.flatMap((node) => node.outputs.map(({ id }) => [id, node] as const)))
  const ordered = new Set<(typeof tape)[number]>()
  const visit = (node: (typeof tape)[number]): void => {
    if (ordered.has(node)) return
    for (const input of Object.values(node.inputs)) {
      const before = maker.get(input.id)
      // a chain is as long as the tape only where every operation came too early, which is one step, not many
      if (before !== undefined && before !== node && !ordered.has(before)) visit(before)
    }
    ordered.add(node)
  }
  tape.forEach(visit)
  tape.splice(0, tape.length, ...ordered)
}

/**
 * H v into `out` at the current weights, as the gradient of <gradient, v>. Throws NoSecondGradient if an operation of
 * the loss has no second gradient, such as convolution and pooling in TensorFlow.js.
 */
export const doubleGradient = (
  name: string,
  loss: () => tf.Scalar,
  weights: Weights.Weights,
  v: Float64Array,
  out: Float64Array,
): void => {
  const { variables } = weights
  tf.tidy(() => {
    const along = new Map<string, tf.Tensor>()
    let at = 0
    for (const { name: key, shape, size } of variables) {
      along.set(key, tf.tensor(Float32Array.from(v.subarray(at, at + size)), shape))
      at += size
    }
    const inner = (): tf.Scalar => {
      const { grads } = tf.variableGrads(loss, [...variables])
      const terms = variables.map((variable) => {
        const direction = along.get(variable.name)!
        // a weight that the gradient does not depend on still belongs to the Hessian, with zeros
        const gradient = grads[variable.name] ?? tf.mul(variable, 0)
        return tf.sum<tf.Scalar>(tf.add(tf.mul(gradient, direction), tf.mul(variable, 0)))
      })
      const product = tf.addN(terms)
      orderTape()
      return product
    }
    const { grads } = Pass.translating(
      (reason) => new NoSecondGradient({ objective: name, reason }),
      () => Pass.gradients(name, inner, weights),
    )
    Weights.flatten(weights, (variable) => grads[variable.name], out)
  })
}
