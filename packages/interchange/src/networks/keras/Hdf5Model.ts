/** Keras models with weights in HDF5. */
import type { Model } from "../Model.ts"
import { json } from "../JsonText.ts"
import { BadModel } from "../ModelError.ts"
import * as Config from "./Config.ts"
import { type Hdf5, named, numbered } from "./KerasWeights.ts"

/** An HDF5 file, or the one in a `.keras` archive with its `config.json`. */
export interface Source {
  readonly path: string
  readonly bytes: Uint8Array
  readonly config?: Uint8Array
}

/** The model in an open file. Throws BadModel if it has only weights, and the errors of assembling. */
export const model = ({ config, path }: Omit<Source, "bytes">, file: Hdf5): Model => {
  if (config !== undefined) {
    return Config.model(path, json(path, "config.json", config), numbered(file))
  }
  const written = file.attribute("model_config")
  if (written === undefined) {
    throw new BadModel({
      path,
      reason: "it has only weights, without layers",
      remedy: 'save the whole model: model.save("net.keras")',
    })
  }
  const text = new TextEncoder().encode(written)
  return Config.model(path, json(path, "model_config", text), named(file))
}
