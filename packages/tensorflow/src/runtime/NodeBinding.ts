/** Loading tfjs-node, which needs a word with newer versions of Node first. */
import { createRequire } from "node:module"
import util from "node:util"

/** Node 23 removed `util.isNullOrUndefined`, which tfjs-node 4.22 calls in every operation with attributes. */
const supplyRemoved = (): void => {
  if (Reflect.has(util, "isNullOrUndefined")) return
  Reflect.defineProperty(util, "isNullOrUndefined", {
    value: (value: unknown) => value === null || value === undefined,
  })
}

/**
 * Loads tfjs-node from `folder`, or as the package of that name, which registers and selects the backend `tensorflow`.
 * Throws the error of `require` if it is missing, and Error if it loads a second copy of TensorFlow.js.
 */
export const load = (folder: string | undefined, engine: () => object): void => {
  supplyRemoved()
  const require = createRequire(import.meta.url)
  const loaded = (folder === undefined ? require("@tensorflow/tfjs-node") : require(folder)) as {
    readonly engine: () => object
  }
  if (loaded.engine() !== engine()) {
    throw new Error("it loads a second copy of @tensorflow/tfjs")
  }
}
