/** The proof that the binding works: a product, a convolution and its gradient, in a process of its own. */
import { join } from "node:path"
import * as Command from "./Command.ts"

const program = (folder: string): string => `
const util = require("node:util")
// Node 23 removed what tfjs-node 4.22 calls
if (util.isNullOrUndefined === undefined) util.isNullOrUndefined = (value) => value === null || value === undefined
const tf = require(${JSON.stringify(folder)})
const close = (name, actual, expected) => {
  const off = Math.max(...expected.map((value, i) => Math.abs(value - actual[i])))
  if (!(off < 1e-5) || actual.length !== expected.length) throw new Error(name + ": " + actual + " and not " + expected)
}
if (tf.getBackend() !== "tensorflow") throw new Error("the backend is " + tf.getBackend())
close("matMul", tf.matMul(tf.tensor([1, 2, 3, 4], [2, 2]), tf.tensor([5, 6, 7, 8], [2, 2])).dataSync(), [19, 22, 43, 50])
const image = tf.range(0, 9).reshape([1, 3, 3, 1])
const gradient = tf.grad((w) => tf.conv2d(image, w, 1, "valid").square().sum())(tf.ones([2, 2, 1, 1]))
close("convolution", gradient.dataSync(), [336, 464, 720, 848])
const { version } = require(${JSON.stringify(join(folder, "package.json"))})
console.log("tfjs-node " + version + " on TensorFlow " + require(${JSON.stringify(join(folder, "lib/napi-v8/tfjs_binding.node"))}).TF_Version)
`

/** One line that says which versions work together. Throws Error with what the process said where they do not. */
export const prove = async (folder: string): Promise<string> => {
  const { code, output } = await Command.run(process.execPath, ["-e", program(folder)], {
    env: { TF_CPP_MIN_LOG_LEVEL: "2" },
  })
  if (code !== 0)
    throw new Error(`the binding was built and does not work:\n${Command.tail(output, 20)}`)
  return output.split("\n").at(-1)!
}
