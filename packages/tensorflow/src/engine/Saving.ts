/** Tensors that an operation saves for its gradient. */
import * as tf from "@tensorflow/tfjs"
import { type Internals, isWatched } from "./Internals.ts"

/**
 * A tensor that shares the data and the id of another, so that the tape treats both as one. TensorFlow.js runs a kernel for
 * it, and records an operation.
 */
export const savedBy = (engine: Internals): Internals["clone"] => {
  const before = engine.clone.bind(engine)
  return (tensor) => {
    const { dataId, dtype, id, shape } = tensor
    const info = engine.state.tensorInfo.get(dataId)
    // other types are made of several tensors, or have bytes of their own
    const isOther = dtype === "complex64" || dtype === "string"
    if (info === undefined || isOther || isWatched(engine)) return before(tensor)
    info.backend.incRef(dataId)
    const saved = new tf.Tensor(shape, dtype, dataId, id)
    engine.trackTensor(saved, info.backend)
    return saved
  }
}
