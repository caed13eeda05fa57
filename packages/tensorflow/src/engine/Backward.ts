/** The way back over the tape. */
import * as tf from "@tensorflow/tfjs"
import type { Internals, TapeNode } from "./Internals.ts"

/** A node of the tape, and its inputs that depend on the variables. */
interface Step {
  readonly node: TapeNode
  readonly names: ReadonlyArray<string>
}

/** The nodes by which `y` depends on `xs`, in their order. */
const between = (
  tape: ReadonlyArray<TapeNode>,
  xs: ReadonlyArray<tf.Tensor>,
  y: tf.Tensor,
): ReadonlyArray<Step> => {
  const dependent = new Set(xs.map(({ id }) => id))
  const steps: Array<Step> = []
  for (const node of tape) {
    const names = Object.keys(node.inputs).filter((name) => {
      const input = node.inputs[name]
      return input !== null && input !== undefined && dependent.has(input.id)
    })
    if (names.length === 0) continue
    steps.push({ node, names })
    for (const { id } of node.outputs) dependent.add(id)
  }
  const needed = new Set([y.id])
  return steps
    .toReversed()
    .filter(({ names, node }) => {
      if (!node.outputs.some(({ id }) => needed.has(id))) return false
      for (const name of names) needed.add(node.inputs[name]!.id)
      return true
    })
    .toReversed()
}

/** One backward pass, with the errors of TensorFlow.js. */
const propagate = (
  engine: Internals,
  steps: ReadonlyArray<Step>,
  gradients: Map<number, tf.Tensor>,
): void => {
  const scoped = (compute: () => tf.Tensor): tf.Tensor => {
    let result: tf.Tensor | undefined
    engine.startScope()
    try {
      return (result = compute())
    } finally {
      engine.endScope(result)
    }
  }
  for (const { names, node } of steps.toReversed()) {
    const { gradient, inputs, kernelName, outputs } = node
    if (gradient === undefined) {
      throw new Error(`Cannot compute gradient: gradient function not found for ${kernelName}.`)
    }
    const ofInputs = gradient(outputs.map(({ id }) => gradients.get(id) ?? null))
    for (const name of names) {
      const compute = ofInputs[name]
      if (compute === undefined) {
        throw new Error(
          `Cannot backprop through input ${name}. Available gradients found: ${Object.keys(ofInputs).join()}.`,
        )
      }
      const x = inputs[name]!
      const dx = scoped(compute)
      if (dx.dtype !== "float32") {
        throw new Error(
          `Error in gradient for op ${kernelName}. The gradient of input ${name} must have 'float32' dtype, but has '${dx.dtype}'`,
        )
      }
      if (!tf.util.arraysEqual(dx.shape, x.shape)) {
        throw new Error(
          `Error in gradient for op ${kernelName}. The gradient of input '${name}' has shape '${dx.shape.join()}', which does not match the shape of the input '${x.shape.join()}'`,
        )
      }
      const before = gradients.get(x.id)
      gradients.set(x.id, before === undefined ? dx : tf.add(before, dx))
      before?.dispose()
    }
  }
}

/** The gradients of TensorFlow.js, in its order of operations, with sets and maps in place of objects keyed by number. */
export const gradientsBy = (engine: Internals): Internals["gradients"] => {
  const { state } = engine
  return (f, xs, dy, allowNoGradients = false) => {
    tf.util.assert(xs.length > 0, () => "gradients() received an empty list of xs.")
    if (dy !== null && dy !== undefined && dy.dtype !== "float32") {
      throw new Error(`dy must have 'float32' dtype, but has '${dy.dtype}'`)
    }
    engine.startTape()
    let y: tf.Tensor
    try {
      y = engine.tidy("forward", f)
    } finally {
      engine.endTape()
    }
    tf.util.assert(y instanceof tf.Tensor, () => "The result y returned by f() must be a tensor.")
    const steps = between(state.activeTape!, xs, y)
    if (!allowNoGradients && steps.length === 0) {
      throw new Error(
        "Cannot compute gradient of y=f(x) with respect to x. Make sure that the f you passed encloses all operations that lead from x to y.",
      )
    }
    return engine.tidy("backward", () => {
      const gradients = new Map([[y.id, dy ?? tf.ones(y.shape)]])
      propagate(engine, steps, gradients)
      // a variable that the loss does not depend on has none
      const grads = xs.map(({ id }) => gradients.get(id)) as Array<tf.Tensor>
      if (state.gradientDepth === 0) {
        for (const { saved } of state.activeTape!) for (const tensor of saved) tensor.dispose()
        state.activeTape = null
      }
      return { value: y, grads }
    })
  }
}
