/** The end of a scope, which disposes of its tensors: TensorFlow.js has one for every operation. */
import * as tf from "@tensorflow/tfjs"
import type { Internals } from "./Internals.ts"

/** A result of one tensor is handled without sets; all others go to the original function. */
export const endedBy = (engine: Internals): Internals["endScope"] => {
  const before = engine.endScope.bind(engine)
  return (result) => {
    if (!(result instanceof tf.Tensor)) {
      before(result)
      return
    }
    const { state } = engine
    const { id, track } = state.activeScope!
    for (const tensor of track) if (!tensor.kept && tensor.id !== result.id) tensor.dispose()
    state.scopeStack.pop()
    state.activeScope = state.scopeStack.at(-1) ?? null
    if (!result.kept && Reflect.get(result, "scopeId") === id) engine.track(result)
  }
}
