/** The networks of golden/, and the samples that they were run on. */
import { NodeServices } from "@effect/platform-node"
import { Effect, Schema } from "effect"
import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { Description } from "../../src/networks/Description.ts"
import type { Model } from "../../src/networks/Model.ts"
import { read } from "../../src/node/Networks.ts"

export const folder = fileURLToPath(new URL("../networks/golden/", import.meta.url))

export const descriptionOf = (name: string): Description =>
  Schema.decodeUnknownSync(Description)(
    JSON.parse(readFileSync(`${folder}${name}.net.json`, "utf8")),
  )

/** The network of a file, with a description if it needs one. */
export const modelOf = (file: string, description?: string): Promise<Model> =>
  read(`${folder}${file}`, description === undefined ? undefined : descriptionOf(description)).pipe(
    Effect.map(({ model }) => model),
    Effect.provide(NodeServices.layer),
    Effect.runPromise,
  )

/** Four samples in float32, in the order of the program. */
export const samples = ({ architecture: { inputs } }: Model): Float64Array =>
  Float64Array.from({ length: 4 * inputs }, (_, i) => Math.fround(1.3 * Math.sin(2.3 * i + 0.4)))

/** The same samples pixel by pixel, channels last. */
export const inOurOrder = ({ input, layout }: Model, values: Float64Array): Float64Array => {
  if (layout === "channels last") return values
  const { channels, height, width } = input
  const [pixels, size] = [height * width, channels * height * width]
  const out = new Float64Array(values.length)
  for (const [k, value] of values.entries()) {
    const [row, at] = [Math.floor(k / size), k % size]
    out[row * size + (at % pixels) * channels + Math.floor(at / pixels)] = value
  }
  return out
}
