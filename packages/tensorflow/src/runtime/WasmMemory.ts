/** The memory of the wasm backend of TensorFlow.js, which its own kernels in JavaScript use in place too. */
import type * as tf from "@tensorflow/tfjs"

export interface WasmMemory {
  /** An uninitialised tensor. It may make the memory grow, which detaches every view of it. */
  makeOutput(shape: ReadonlyArray<number>, dtype: tf.DataType): tf.TensorInfo
  /** A view of a tensor, until the memory grows. */
  typedArrayFromHeap(tensor: tf.TensorInfo): tf.TypedArray
  /** Counts one tensor more that has this memory. */
  incRef(data: tf.DataId): void
  /** Frees the memory if no other tensor uses it. */
  disposeData(data: tf.DataId): boolean
}

/** A new float32 tensor, and views of it and of `inputs`, which are float32 as well. */
export const outputBeside = <Inputs extends ReadonlyArray<tf.TensorInfo>>(
  memory: WasmMemory,
  shape: ReadonlyArray<number>,
  ...inputs: Inputs
) => {
  const tensor = memory.makeOutput(shape, "float32")
  const viewOf = (each: tf.TensorInfo) => memory.typedArrayFromHeap(each) as Float32Array
  return {
    tensor,
    out: viewOf(tensor),
    views: inputs.map(viewOf) as { readonly [I in keyof Inputs]: Float32Array },
  }
}
