/**
 * Untrusted HDF5 files, read by jsfive within limits: compressed data are not unpacked. Reading may never end, so it belongs in
 * a separate thread.
 */
import { messageOf } from "@nonconvex/datasets/LibraryMessage"
import { quote } from "@nonconvex/datasets/Quote"
import { type Dataset, File, type Group } from "jsfive"
import type { Hdf5 } from "../../networks/keras/KerasWeights.ts"
import { BadModel, modelErrors } from "../../networks/ModelError.ts"
import { countOf, most, requireFinite, type Tensor } from "../../networks/Tensor.ts"

/** Deepest nesting of groups, and maximum number of members to visit. */
const bounds = { depth: 4, members: 10_000 }

/** Supported number types, with jsfive's names. */
const types: ReadonlyArray<unknown> = ["<f4", "<f8", ">f4", ">f8"]

const isGroup = (value: Dataset | Group): value is Group => "keys" in value && !Array.isArray(value)

/** Opens a file. Its functions throw BadModel on broken files, and on tensors that are compressed, unsupported or too large. */
export const open = (bytes: Uint8Array, path: string): Hdf5 => {
  /** Runs `read`, and converts the texts and errors that jsfive throws. */
  const guarded = <Value>(read: () => Value): Value => {
    try {
      return read()
    } catch (error) {
      if (modelErrors.some((kind) => error instanceof kind)) throw error
      throw new BadModel({
        path,
        reason: `its HDF5 is damaged, or uses a feature that is not supported (${messageOf(error)})`,
        remedy: "save the model again, as .keras",
      })
    }
  }
  const file = guarded(() => {
    const buffer = new ArrayBuffer(bytes.length)
    new Uint8Array(buffer).set(bytes)
    return new File(buffer, path)
  })
  /** Members by path, because jsfive would read each again. */
  const opened = new Map<string, Dataset | Group>()
  /** The member at a path; names inherited from Object do not count. */
  const find = (at: string): Dataset | Group | undefined => {
    let found: Dataset | Group = file
    let place = ""
    for (const name of at.split("/")) {
      if (!isGroup(found) || !found.keys.includes(name)) return undefined
      place += `/${name}`
      const next: Dataset | Group | null = opened.get(place) ?? found.get(name)
      if (next === null) return undefined
      opened.set(place, next)
      found = next
    }
    return found
  }
  const tensorAt = (name: string): Tensor | undefined => {
    const found = find(name)
    if (found === undefined || isGroup(found)) return undefined
    const refuse = (reason: string, remedy: string): never => {
      throw new BadModel({ path, place: `tensor ${quote(name)}`, reason, remedy })
    }
    const { dtype, shape } = found
    if (!types.includes(dtype)) {
      refuse(
        `its numbers have type ${quote(String(dtype))}`,
        "weights are read in float32 and float64",
      )
    }
    // oxlint-disable-next-line no-underscore-dangle -- jsfive says it nowhere else
    if (found._dataobjects.filter_pipeline != null) {
      refuse("it is compressed", "save the model without compression, as Keras does")
    }
    const count = countOf(path, name, shape)
    const written = 4 * count
    if (written > bytes.length)
      refuse(`it has ${count} numbers, more than fit into the file`, "save the model again")
    const values = Float64Array.from(found.value as ArrayLike<number>)
    if (values.length !== count)
      refuse(`${values.length} of its ${count} numbers were found`, "save the model again")
    const tensor = { name, shape: [...shape], values }
    requireFinite(path, tensor)
    return tensor
  }
  let elements = 0
  return {
    tensor: (name) => {
      const tensor = guarded(() => tensorAt(name))
      elements += tensor?.values.length ?? 0
      if (elements <= most.elements) return tensor
      throw new BadModel({
        path,
        reason: `its tensors have more than ${most.elements} numbers`,
        remedy: "certify a smaller network",
      })
    },
    below: (group) =>
      guarded(() => {
        const names: Array<string> = []
        const visit = (at: string, depth: number): void => {
          const found = find(at)
          if (found === undefined || depth > bounds.depth || names.length > bounds.members) return
          if (isGroup(found)) for (const name of found.keys) visit(`${at}/${name}`, depth + 1)
          else names.push(at)
        }
        visit(group, 0)
        return names
      }),
    attribute: (name) =>
      guarded(() => {
        const { attrs } = file
        const value = Object.hasOwn(attrs, name) ? attrs[name] : undefined
        return typeof value === "string" ? value : undefined
      }),
  }
}
