/** A network of the weights of a file and the description of its layers. */
import { listOf } from "@nonconvex/datasets/Quote"
import * as Architecture from "@nonconvex/problems/network/Architecture"
import { assemble } from "./Assemble.ts"
import type {
  Dense,
  Described,
  Description,
  Normalisation,
  Padding,
  pool,
  Sides,
} from "./Description.ts"
import type { Model } from "./Model.ts"
import { BadModel, MissingTensor } from "./ModelError.ts"
import type { Layout, StrideAndPadding, Step } from "./Step.ts"
import type { Tensor, Tensors } from "./Tensor.ts"

type Program = "pytorch" | "keras"

const suffixes = {
  pytorch: {
    weight: ".weight",
    bias: ".bias",
    scale: ".weight",
    shift: ".bias",
    mean: ".running_mean",
    variance: ".running_var",
  },
  keras: {
    weight: "/kernel",
    bias: "/bias",
    scale: "/gamma",
    shift: "/beta",
    mean: "/moving_mean",
    variance: "/moving_variance",
  },
} as const

const extentOf = (sides: typeof Sides.Type): Architecture.Extent =>
  typeof sides === "number"
    ? { height: sides, width: sides }
    : { height: sides[0], width: sides[1] }

const paddingOf = (padding: typeof Padding.Type = "valid"): Architecture.Padding => {
  if (typeof padding === "string") return padding
  const [top, left, bottom, right] =
    typeof padding === "number"
      ? [padding, padding, padding, padding]
      : padding.length === 2
        ? [padding[0], padding[1], padding[0], padding[1]]
        : padding
  return { top, left, bottom, right }
}

/** The steps of a description, with its tensors, and the names of those that they use. */
const steps = (path: string, program: Program, tensors: Tensors) => {
  const taken = new Set<string>()
  const find = (name: string): Tensor | undefined => {
    taken.add(name)
    return tensors.get(name)
  }
  const need = (layer: string, tensor: string): Tensor => {
    const found = find(tensor)
    if (found !== undefined) return found
    throw new MissingTensor({ path, layer, tensor, available: [...tensors.keys()] })
  }
  const named = (layer: string, part: keyof (typeof suffixes)[Program]): string =>
    `${layer}${suffixes[program][part]}`
  /** With default names, a layer has a bias if the file has a tensor of that name. */
  const affine = ({ name, tensors: said }: Pick<typeof Dense.Type, "name" | "tensors">) => {
    const weights = need(name, said?.weight ?? named(name, "weight"))
    const bias =
      said === undefined
        ? find(named(name, "bias"))
        : said.bias === undefined
          ? undefined
          : need(name, said.bias)
    return { name, weights, ...(bias && { bias }) }
  }
  const normalisation = ({ epsilon, name, tensors: said }: typeof Normalisation.Type): Step => {
    const part = (which: "scale" | "shift") =>
      said === undefined
        ? find(named(name, which))
        : said[which] === undefined
          ? undefined
          : need(name, said[which])
    const [scales, shifts] = [part("scale"), part("shift")]
    return {
      _tag: "Normalisation",
      name,
      ...(scales && { scales }),
      ...(shifts && { shifts }),
      mean: need(name, said?.mean ?? named(name, "mean")),
      variance: need(name, said?.variance ?? named(name, "variance")),
      epsilon: epsilon ?? (program === "pytorch" ? 1e-5 : 1e-3),
    }
  }
  const slideOf = ({
    padding,
    size,
    stride,
  }: Pick<
    ReturnType<typeof pool<"max pool">>["Type"],
    "padding" | "size" | "stride"
  >): StrideAndPadding & {
    readonly size: Architecture.Extent | "image"
  } => ({
    size: size === "image" ? size : extentOf(size),
    stride: extentOf(stride ?? (size === "image" ? 1 : size)),
    padding: paddingOf(padding),
  })
  const stepOf = (described: Described, place: string): Step => {
    if (typeof described === "string") {
      if (described === "flatten") return { _tag: "Flatten", name: place }
      if (described === "softmax") return { _tag: "Softmax", name: "softmax" }
      return { _tag: "Activation", name: place, activation: described }
    }
    switch (described.layer) {
      case "dense":
        return {
          _tag: "Dense",
          rows: program === "pytorch" ? "outputs" : "inputs",
          ...affine(described),
        }
      case "convolution": {
        const { padding, stride = 1 } = described
        return {
          _tag: "Convolution",
          ...affine(described),
          stride: extentOf(stride),
          padding: paddingOf(padding),
        }
      }
      case "normalisation":
        return normalisation(described)
      case "max pool":
        return { _tag: "MaxPool", name: place, ...slideOf(described) }
      case "average pool": {
        const { countsPadding = program === "pytorch" } = described
        return { _tag: "AveragePool", name: place, countsPadding, ...slideOf(described) }
      }
      case "residual":
        return {
          _tag: "Residual",
          name: place,
          branch: listed(described.branch, `${place} branch`),
          shortcut: listed(described.shortcut ?? [], `${place} shortcut`),
        }
    }
  }
  const listed = (layers: ReadonlyArray<Described>, place: string): ReadonlyArray<Step> =>
    layers.map((layer, k) => stepOf(layer, `${place} ${k + 1}`.trim()))
  return { listed, taken }
}

/** Counters that PyTorch stores with its statistics. */
const isCounter = (name: string): boolean => name.endsWith("num_batches_tracked")

/**
 * The network of a description with these tensors. Throws MissingTensor, WrongShape and BadModel if they do not fit together,
 * and BadModel if no layer uses some tensor of the file.
 */
export const model = (path: string, description: Description, tensors: Tensors): Model => {
  const { classes, from: program = "pytorch", ignore = [], input, layers, loss } = description
  const layout: Layout = program === "pytorch" ? "channels first" : "channels last"
  const { listed, taken } = steps(path, program, tensors)
  const made = listed(layers, "layer")
  const left = [...tensors.keys()].filter(
    (name) => !taken.has(name) && !ignore.includes(name) && !isCounter(name),
  )
  if (left.length > 0) {
    throw new BadModel({
      path,
      reason: `no layer of the description has ${left.length === 1 ? "tensor" : "tensors"} ${listOf(left)}`,
      remedy: 'describe the layer, or name the tensor in "ignore"',
    })
  }
  const shape =
    typeof input === "number"
      ? { height: 1, width: 1, channels: input }
      : layout === "channels first"
        ? { channels: input[0], height: input[1], width: input[2] }
        : { height: input[0], width: input[1], channels: input[2] }
  const assembled = assemble(path, { input: shape, layout, steps: made })
  const { outputs } = assembled.architecture
  if (classes !== undefined && classes.length !== outputs) {
    throw new BadModel({
      path,
      reason: `the description names ${classes.length} classes, but the network has ${outputs} outputs`,
      remedy: "name a class for each output",
    })
  }
  return { ...assembled, description, ...(loss && { loss }), ...(classes && { classes }) }
}
