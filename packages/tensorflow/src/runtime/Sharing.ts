/** Kernels whose output is their input: it has the same numbers in the same place, as a reshaped tensor has. */
import type * as tf from "@tensorflow/tfjs"
import type { WasmMemory } from "./WasmMemory.ts"

const shared = (memory: WasmMemory, { dataId, dtype, shape }: tf.TensorInfo): tf.TensorInfo => {
  memory.incRef(dataId)
  return { dataId, dtype, shape }
}

/** Identity, by which TensorFlow.js keeps tensors of a pass for its gradient. */
export const identity: tf.KernelFunc = ({ backend, inputs }) =>
  shared(backend as WasmMemory, inputs["x"] as tf.TensorInfo)

/** Copies the numbers where the type changes, as the kernel of the backend does. */
export const cast: tf.KernelFunc = ({ attrs, backend, inputs }) => {
  const { dtype } = attrs as unknown as { readonly dtype: tf.DataType }
  const memory = backend as WasmMemory
  const x = inputs["x"] as tf.TensorInfo
  if (x.dtype === dtype) return shared(memory, x)
  const out = memory.makeOutput(x.shape, dtype)
  // in this order: what comes from another backend may make the memory grow
  const values = memory.typedArrayFromHeap(x)
  memory.typedArrayFromHeap(out).set(values)
  return out
}
