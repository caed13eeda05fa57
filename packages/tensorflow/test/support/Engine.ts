/** The engine of TensorFlow.js as it is without this package. */
import * as tf from "@tensorflow/tfjs"

/** Runs `body` on it, and puts back what was in its place. */
export const asItIs = <A>(body: () => A): A => {
  const engine = tf.engine()
  const own = Object.entries(engine).filter(([, value]) => typeof value === "function")
  for (const [name] of own) Reflect.deleteProperty(engine, name)
  try {
    return body()
  } finally {
    Object.assign(engine, Object.fromEntries(own))
  }
}
