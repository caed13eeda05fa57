/**
 * Faster engine for TensorFlow.js with less overhead per operation: it computes the same numbers by the same kernels, and
 * counts the same tensors. Its overhead around a kernel exceeds the kernel's own time for small tensors.
 */
import * as tf from "@tensorflow/tfjs"
import { gradientsBy } from "./Backward.ts"
import { internals } from "./Internals.ts"
import { runBy } from "./Kernels.ts"
import { savedBy } from "./Saving.ts"
import { endedBy } from "./Scopes.ts"

const quick = new WeakSet<object>()

/** Replaces these parts of the engine of the process; an engine of another release without the required internals is unchanged. */
export const quicken = (): void => {
  const engine = internals(tf.engine())
  if (engine === undefined || quick.has(engine)) return
  quick.add(engine)
  Object.assign(engine, {
    clone: savedBy(engine),
    endScope: endedBy(engine),
    gradients: gradientsBy(engine),
    runKernel: runBy(engine),
  })
}
