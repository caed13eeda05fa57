/** Products by TensorFlow.js on WebAssembly and by jax-js, where they are installed. */
import { numbers } from "../../src/Numbers.ts"
import type { Implementation } from "../../src/Workload.ts"

/** A peer that is not there, and why. */
export interface Absent {
  readonly name: string
  readonly reason: string
}

/** The specifier is a value, so that a missing package is an answer and not a compiler error. */
const find = async <Module>(name: string): Promise<Module | string> => {
  try {
    return (await import(name)) as Module
  } catch (error) {
    return error instanceof Error ? error.message.split("\n")[0]! : String(error)
  }
}

interface Tensor {
  readonly dataSync: () => Float32Array
  readonly dispose: () => void
}
interface TensorFlow {
  readonly setBackend: (name: string) => Promise<boolean>
  readonly ready: () => Promise<void>
  readonly tensor2d: (values: Float32Array, shape: [number, number]) => Tensor
  readonly matMul: (a: Tensor, b: Tensor) => Tensor
}

export const tfjsWasm = async (): Promise<Implementation | Absent> => {
  const name = "tfjs wasm"
  const tf = await find<TensorFlow>("@tensorflow/tfjs")
  if (typeof tf === "string") return { name, reason: tf }
  const backend = await find<object>("@tensorflow/tfjs-backend-wasm")
  if (typeof backend === "string") return { name, reason: backend }
  if (!(await tf.setBackend("wasm"))) return { name, reason: "the wasm backend does not start" }
  await tf.ready()
  return {
    name,
    own: false,
    prepare: ({ bits, n }) => {
      if (bits === 64) return undefined
      const [a, b] = [1, 2].map((salt) =>
        tf.tensor2d(Float32Array.from(numbers(n! * n!, salt)), [n!, n!]),
      )
      let c = tf.matMul(a!, b!)
      return {
        run: () => {
          c.dispose()
          c = tf.matMul(a!, b!)
        },
        result: () => c.dataSync(),
      }
    },
  }
}

/** `ref` keeps an array that a call would otherwise consume. */
interface JaxArray {
  readonly ref: JaxArray
  readonly reshape: (shape: ReadonlyArray<number>) => JaxArray
  readonly blockUntilReady: () => Promise<JaxArray>
  readonly data: () => Promise<Float32Array | Float64Array>
  readonly dispose: () => void
}
interface Jax {
  readonly init: (backend: string) => Promise<unknown>
  readonly defaultDevice: (backend: string) => unknown
  readonly numpy: {
    readonly array: (values: Float32Array | Float64Array) => JaxArray
    readonly matmul: (a: JaxArray, b: JaxArray) => JaxArray
  }
}

export const jaxJs = async (): Promise<Implementation | Absent> => {
  const name = "jax-js wasm"
  const jax = await find<Jax>("@jax-js/jax")
  if (typeof jax === "string") return { name, reason: jax }
  await jax.init("wasm")
  jax.defaultDevice("wasm")
  return {
    name,
    own: false,
    prepare: ({ bits, n }) => {
      const [a, b] = [1, 2].map((salt) => {
        const values = numbers(n! * n!, salt)
        return jax.numpy.array(bits === 64 ? values : Float32Array.from(values)).reshape([n!, n!])
      })
      let c = jax.numpy.matmul(a!.ref, b!.ref)
      return {
        run: async () => {
          c.dispose()
          c = await jax.numpy.matmul(a!.ref, b!.ref).blockUntilReady()
        },
        result: () => c.ref.data(),
      }
    },
  }
}
