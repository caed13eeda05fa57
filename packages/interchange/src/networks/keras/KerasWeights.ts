/** Weights of a Keras model in its HDF5 file, by layer and part. */
import type { Tensor } from "../Tensor.ts"
import type { Layer, Weights } from "./Layers.ts"

/** An HDF5 file: the tensor at a path, or undefined, and the paths below a group, or none. */
export interface Hdf5 {
  readonly tensor: (path: string) => Tensor | undefined
  readonly below: (group: string) => ReadonlyArray<string>
  /** A text attribute of the file. */
  readonly attribute: (name: string) => string | undefined
}

/** Keras's folder name for a class: `BatchNormalization` becomes `batch_normalization`. */
const snakeCase = (name: string): string =>
  name
    .replaceAll(/\W+/g, "")
    .replaceAll(/(.)([A-Z][a-z]+)/g, "$1_$2")
    .replaceAll(/([a-z])([A-Z])/g, "$1_$2")
    .toLowerCase()

/** Parts of a layer in the order of their numbers. */
const partsOf = ({ className, config }: Layer): ReadonlyArray<string> =>
  className === "BatchNormalization"
    ? [
        ...(config["scale"] === false ? [] : ["gamma"]),
        ...(config["center"] === false ? [] : ["beta"]),
        "moving_mean",
        "moving_variance",
      ]
    : ["kernel", "bias"]

/** Paths in a `.keras` archive: each layer has a folder, named by its class and a count, with numbered tensors. */
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

/** Paths in a `.h5` file: each layer has a group by its name, with named tensors such as `dense/kernel:0`. */
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
