/** The weights of a Keras model in its HDF5 file, by layer and part. */
import type { Tensor } from "../Tensor.ts"
import type { Layer, Weights } from "./Layers.ts"

/** A file of HDF5: the tensor at a path, and the paths of those below a group; undefined and none where there are none. */
export interface Hdf5 {
  readonly tensor: (path: string) => Tensor | undefined
  readonly below: (group: string) => ReadonlyArray<string>
  /** An attribute of the file that is a text. */
  readonly attribute: (name: string) => string | undefined
}

/** As Keras names the folders of a class: `BatchNormalization` is `batch_normalization`. */
const snakeCase = (name: string): string =>
  name
    .replaceAll(/\W+/g, "")
    .replaceAll(/(.)([A-Z][a-z]+)/g, "$1_$2")
    .replaceAll(/([a-z])([A-Z])/g, "$1_$2")
    .toLowerCase()

/** The parts of a layer in the order in which they are numbered. */
const partsOf = ({ className, config }: Layer): ReadonlyArray<string> =>
  className === "BatchNormalization"
    ? [
        ...(config["scale"] === false ? [] : ["gamma"]),
        ...(config["center"] === false ? [] : ["beta"]),
        "moving_mean",
        "moving_variance",
      ]
    : ["kernel", "bias"]

/** Paths in a `.keras` archive: a folder for each layer, named by its class and a count, its tensors numbered. */
export const numbered =
  ({ tensor }: Pick<Hdf5, "tensor">) =>
  (layers: ReadonlyArray<Layer>): Weights => {
    const counts = new Map<string, number>()
    const folders = new Map<string, readonly [folder: string, parts: ReadonlyArray<string>]>()
    for (const layer of layers) {
      const folder = snakeCase(layer.className)
      const count = counts.get(folder) ?? 0
      counts.set(folder, count + 1)
      folders.set(layer.name, [`${folder}${count === 0 ? "" : `_${count}`}`, partsOf(layer)])
    }
    return (layer, part) => {
      const [folder, parts = []] = folders.get(layer) ?? []
      const k = parts.indexOf(part)
      const found = k < 0 ? undefined : tensor(`layers/${folder}/vars/${k}`)
      return found && { ...found, name: `${layer}/${part}` }
    }
  }

/** Paths in a `.h5` file: a group for each layer by its name, and below it tensors by theirs, such as `dense/kernel:0`. */
export const named =
  ({ below, tensor }: Pick<Hdf5, "below" | "tensor">) =>
  (): Weights =>
  (layer, part) => {
    const at = below(`model_weights/${layer}`).find(
      (path) => path.split("/").at(-1)!.replace(/:\d+$/, "") === part,
    )
    const found = at === undefined ? undefined : tensor(at)
    return found && { ...found, name: `${layer}/${part}` }
  }
