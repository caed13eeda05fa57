/** The readers of networks of other programs, and of pictures, with whole files that these programs wrote. */
import { NetworkDescription, readNetwork } from "@nonconvex/interchange/node"
import { Effect, Schema } from "effect"
import { encode as encodePng } from "fast-png"
import { readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import * as Outside from "../../src/networks/outside/Outside.ts"
import { readPicture } from "@nonconvex/interchange/node"
import * as Changes from "./Changes.ts"
import { hold, isWhole, type Reader } from "./Reader.ts"

const golden = fileURLToPath(
  new URL("../../../../packages/interchange/test/networks/golden/", import.meta.url),
)
const whole = (name: string): Uint8Array => readFileSync(`${golden}${name}`)
const text = (name: string): string => readFileSync(`${golden}${name}`, "utf8")

const describe = (name: string): NetworkDescription =>
  Schema.decodeUnknownSync(NetworkDescription)(JSON.parse(text(`${name}.net.json`)))

/** Throws of a network with numbers that are none, or in the wrong number. */
const check = ({ model }: Effect.Success<ReturnType<typeof readNetwork>>): void => {
  const { architecture, parameters } = model
  if (parameters.length !== architecture.dimension || !isWhole(parameters.length)) {
    throw new Error("another number of parameters")
  }
  if (!parameters.every(Number.isFinite)) throw new Error("parameters that are no numbers")
}

const network = (name: string, files: ReadonlyArray<string>, description?: string): Reader => ({
  name,
  seeds: files.map(whole),
  change: Changes.bytes,
  read: (path) =>
    Effect.map(
      readNetwork(path, description === undefined ? undefined : describe(description)),
      check,
    ),
})

const weights = whole("tfjs/model.weights.bin")

/** The readers, each with its seeds. */
export const networks: ReadonlyArray<Reader> = [
  network("network of safetensors", ["mlp-tanh.safetensors"], "mlp-tanh"),
  network("network of npz", ["conv.npz"], "conv"),
  network("network of ONNX", [
    "mlp-gelu.onnx",
    "residual-20.onnx",
    "conv.onnx",
    "transformers/causal-old.onnx",
    "transformers/vision-new.onnx",
  ]),
  { ...network("network of Keras", ["mlp.keras"]), inThread: "keras" },
  { ...network("network of HDF5", ["mlp.h5"]), inThread: "hdf5" },
  {
    ...network("network of TensorFlow.js", []),
    seeds: [text("tfjs/model.json")],
    change: Changes.json,
    read: (path) => {
      hold(join(dirname(path), "model.weights.bin"), weights)
      return Effect.map(readNetwork(path), check)
    },
  },
  {
    name: "description of a network",
    seeds: ["conv", "residual", "keras"].map((name) => text(`${name}.net.json`)),
    change: Changes.json,
    read: (path) => Outside.read(`${golden}mlp-tanh.safetensors`, path),
  },
  {
    name: "picture",
    seeds: [
      encodePng({ width: 3, height: 2, channels: 3, depth: 8, data: new Uint8Array(18).fill(7) }),
      encodePng({
        width: 5,
        height: 4,
        channels: 1,
        depth: 16,
        data: new Uint16Array(20).fill(900),
      }),
    ],
    change: Changes.bytes,
    read: readPicture,
  },
]
