/** Products by TensorFlow.js on WebAssembly and by jax-js, where they are installed. */
import { readFileSync } from "node:fs"
import { createRequire } from "node:module"
import { numbers } from "../../src/Numbers.ts"
import type { Implementation } from "../../src/Workload.ts"

/** A peer, or why it is not there. */
export type Peer =
  | { readonly implementation: Implementation; readonly version: string }
  | { readonly absent: string; readonly reason: string }

const reasonOf = (error: unknown): string =>
  error instanceof Error ? error.message.split("\n")[0]! : String(error)

/** The version in the package's own package.json. */
const versionOf = (name: string): string => {
  const main = createRequire(import.meta.url).resolve(name)
  const folder = main.slice(0, main.lastIndexOf(`node_modules/${name}/`))
  const file = readFileSync(`${folder}node_modules/${name}/package.json`, "utf8")
  return (JSON.parse(file) as { version: string }).version
}

/** The peer that `make` starts, or the reason why it does not. */
const start = async (
  name: string,
  pack: string,
  make: () => Promise<Implementation["prepare"]>,
): Promise<Peer> => {
  try {
    const prepare = await make()
    return { implementation: { name, own: false, prepare }, version: versionOf(pack) }
  } catch (error) {
    return { absent: name, reason: reasonOf(error) }
  }
}

const startTfjs = async (): Promise<Implementation["prepare"]> => {
  const tf = await import("@tensorflow/tfjs")
  await import("@tensorflow/tfjs-backend-wasm")
  if (!(await tf.setBackend("wasm"))) throw new Error("the wasm backend does not start")
  await tf.ready()
  return ({ bits, n }) => {
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
  }
}

/** A call consumes its arguments; `ref` keeps them. */
const startJaxJs = async (): Promise<Implementation["prepare"]> => {
  const jax = await import("@jax-js/jax")
  await jax.init("wasm")
  jax.defaultDevice("wasm")
  return ({ bits, n }) => {
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
  }
}

export const tfjsWasm = (): Promise<Peer> =>
  start("tfjs wasm", "@tensorflow/tfjs-backend-wasm", startTfjs)

export const jaxJs = (): Promise<Peer> => start("jax-js wasm", "@jax-js/jax", startJaxJs)
