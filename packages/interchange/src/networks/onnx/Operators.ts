/** Operators of an ONNX graph, as steps. */
import { quote } from "@nonconvex/datasets/Quote"
import type * as Activation from "@nonconvex/problems/network/Activation"
import type * as Architecture from "@nonconvex/problems/network/Architecture"
import { BadModel, UnknownOperator } from "../ModelError.ts"
import type { Step } from "../Step.ts"
import { most, type Tensor } from "../Tensor.ts"
import { type Files, tensorOf, wholeNumbersOf } from "./OnnxWeights.ts"
import type { Attribute, OnnxModel, OnnxNode, RawTensor } from "./Wire.ts"

const activations: Readonly<Record<string, Activation.Activation>> = {
  Relu: "relu",
  Tanh: "tanh",
  Sigmoid: "sigmoid",
  Softplus: "softplus",
}

/** Supported layers, as messages list them. */
export const known =
  "Gemm MatMul Add Conv Pad Clip BatchNormalization LayerNormalization Gather Relu Tanh Gelu Sigmoid Softplus Pow MaxPool AveragePool GlobalAveragePool GlobalMaxPool ReduceMean Flatten Reshape Identity Dropout Softmax LogSoftmax Constant".split(
    " ",
  )

/** Layer that a tensor belongs to: `conv1` for `conv1.weight`. */
const layerOf = (tensor: string): string => tensor.replace(/[./](weight|kernel|W)(:\d+)?$/, "")

/** Makes the reader of the operators of a model. */
export const operators = (path: string, model: OnnxModel, files: Files) => {
  const raw = new Map<string, RawTensor>(model.initializers.map((tensor) => [tensor.name, tensor]))
  for (const { attributes, inputs, operator, outputs } of model.nodes) {
    // PyTorch stores equal tensors once, and gives each its name by an Identity
    const value =
      operator === "Constant"
        ? attributes.get("value")?.tensor
        : operator === "Identity"
          ? raw.get(inputs[0] ?? "")
          : undefined
    const [output] = outputs
    if (value !== undefined && output !== undefined) raw.set(output, { ...value, name: output })
  }
  let elements = 0
  const tensor = (name: string): Tensor => {
    const found = tensorOf(path, raw.get(name)!, files)
    elements += found.values.length
    if (elements > most.elements) {
      const reason = `its tensors have more than ${most.elements} numbers`
      throw new BadModel({ path, reason, remedy: "certify a smaller network" })
    }
    return found
  }
  const isConstant = (name: string): boolean => raw.has(name)

  const reader = (node: OnnxNode, place: string) => {
    const { attributes, inputs, operator } = node
    const refuse = (reason: string, remedy: string): never => {
      throw new BadModel({ path, place, reason, remedy })
    }
    const attribute = <Key extends keyof Attribute>(
      name: string,
      key: Key,
    ): Attribute[Key] | undefined => attributes.get(name)?.[key]
    const int = (name: string, otherwise: number): number => attribute(name, "int") ?? otherwise
    const requireAll = (name: string, wanted: number): void => {
      const values = attribute(name, "ints") ?? []
      if (values.every((value) => value === wanted)) return
      refuse(`${name} of ${operator} is ${values.join(", ")}`, `only ${wanted} is supported`)
    }
    const requireInt = (name: string, wanted: number): void => {
      const value = int(name, wanted)
      if (value !== wanted)
        refuse(`${name} of ${operator} is ${value}`, `only ${wanted} is supported`)
    }
    const requireOne = (name: string): void => {
      const value = attribute(name, "float") ?? 1
      if (value !== 1) refuse(`${name} of ${operator} is ${value}`, "only 1 is supported")
    }
    const weightAt = (k: number): Tensor => {
      const name = inputs[k] ?? ""
      if (!isConstant(name)) {
        refuse(
          `input ${k} of ${operator}, ${quote(name)}, is computed by the graph`,
          "only stored weights are supported",
        )
      }
      return tensor(name)
    }
    const optionalAt = (k: number): Tensor | undefined =>
      inputs[k] === undefined || inputs[k] === "" ? undefined : weightAt(k)
    /** Two numbers of an attribute, such as strides; undefined if it is absent. */
    const pair = (name: string): Architecture.Extent | undefined => {
      const values = attribute(name, "ints") ?? []
      if (values.length === 0) return undefined
      if (values.length !== 2)
        refuse(
          `${name} of ${operator} has ${values.length} numbers`,
          "only two-dimensional images are supported",
        )
      return { height: values[0]!, width: values[1]! }
    }
    const padding = (): Architecture.Padding => {
      const auto = attribute("auto_pad", "text") ?? "NOTSET"
      if (auto === "VALID") return "valid"
      // with the larger half behind, as ours
      if (auto === "SAME_UPPER") return "same"
      if (auto !== "NOTSET" && auto !== "")
        refuse(
          `auto_pad of ${operator} is ${quote(auto)}`,
          "only NOTSET, VALID and SAME_UPPER are supported",
        )
      const pads = attribute("pads", "ints") ?? []
      if (pads.length === 0) return "valid"
      if (pads.length !== 4)
        refuse(
          `pads of ${operator} has ${pads.length} numbers`,
          "only two-dimensional images are supported",
        )
      const [top, left, bottom, right] = pads as [number, number, number, number]
      return { top, bottom, left, right }
    }
    return {
      attribute,
      int,
      optionalAt,
      padding,
      pair,
      refuse,
      requireAll,
      requireInt,
      requireOne,
      weightAt,
    }
  }

  const gemm = (node: OnnxNode, place: string): Step => {
    const { int, optionalAt, requireInt, requireOne, weightAt } = reader(node, place)
    requireInt("transA", 0)
    requireOne("alpha")
    requireOne("beta")
    const weights = weightAt(1)
    const bias = optionalAt(2)
    const rows = int("transB", 0) === 1 ? "outputs" : "inputs"
    return {
      _tag: "Dense",
      name: layerOf(weights.name),
      weights,
      rows,
      ...(bias && { bias: flat(bias) }),
    }
  }
  /** Flattens a bias that is stored as a row. */
  const flat = (bias: Tensor): Tensor =>
    bias.shape.length === 2 && bias.shape[0] === 1 ? { ...bias, shape: [bias.shape[1]!] } : bias

  const convolution = (node: OnnxNode, place: string): Step => {
    const { int, optionalAt, padding, pair, requireAll, requireInt, weightAt } = reader(node, place)
    requireAll("dilations", 1)
    const weights = weightAt(1)
    const isDepthwise = int("group", 1) > 1 && int("group", 1) === weights.shape[0]
    if (!isDepthwise) requireInt("group", 1)
    const bias = optionalAt(2)
    const stride = pair("strides") ?? { height: 1, width: 1 }
    const name = layerOf(weights.name)
    return {
      _tag: isDepthwise ? "Depthwise" : "Convolution",
      name,
      weights,
      stride,
      padding: padding(),
      ...(bias && { bias }),
    }
  }

  const padded = (node: OnnxNode, place: string): Step => {
    const { attribute, refuse } = reader(node, place)
    const mode = attribute("mode", "text") ?? "constant"
    const stored = raw.get(node.inputs[1] ?? "")
    const pads = (stored && wholeNumbersOf(stored)) ?? attribute("pads", "ints") ?? []
    const filling = isConstant(node.inputs[2] ?? "") ? tensor(node.inputs[2]!).values[0] : 0
    const [n, c, top, left, m, d, bottom, right] = pads as ReadonlyArray<number | undefined>
    if (
      right === undefined ||
      n !== 0 ||
      c !== 0 ||
      m !== 0 ||
      d !== 0 ||
      mode !== "constant" ||
      filling !== 0
    ) {
      return refuse(
        `it pads by ${pads.join(", ") || "computed numbers"} in mode ${quote(mode)}`,
        "only zeros around the images are supported",
      )
    }
    return {
      _tag: "Pad",
      name: place,
      margins: { top: top!, left: left!, bottom: bottom!, right },
    }
  }

  const clipped = (node: OnnxNode, place: string): Step => {
    const { attribute, refuse } = reader(node, place)
    const [low, high] = (["min", "max"] as const).map((name, k) => {
      const input = node.inputs[k + 1] ?? ""
      return isConstant(input) ? tensor(input).values[0] : attribute(name, "float")
    })
    return low === 0 && high === 6
      ? { _tag: "Activation", name: place, activation: "relu6" }
      : refuse(
          `it clips to ${low ?? "-Infinity"} .. ${high ?? "Infinity"}`,
          "only 0 to 6 is supported",
        )
  }

  const normalisation = (node: OnnxNode, place: string): Step => {
    const { attribute, requireInt, weightAt } = reader(node, place)
    requireInt("training_mode", 0)
    const [scales, shifts, mean, variance] = [1, 2, 3, 4].map(weightAt) as [
      Tensor,
      Tensor,
      Tensor,
      Tensor,
    ]
    const epsilon = attribute("epsilon", "float") ?? 1e-5
    return {
      _tag: "Normalisation",
      name: layerOf(scales.name),
      scales,
      shifts,
      mean,
      variance,
      epsilon,
    }
  }

  const pool = (node: OnnxNode, place: string): Step => {
    const { int, padding, pair, refuse, requireAll, requireInt } = reader(node, place)
    requireAll("dilations", 1)
    requireInt("ceil_mode", 0)
    const size =
      pair("kernel_shape") ?? refuse("it has no kernel_shape", "export the network again")
    const stride = pair("strides") ?? { height: 1, width: 1 }
    const slide = { name: place, size, stride, padding: padding() }
    return node.operator === "MaxPool"
      ? { _tag: "MaxPool", ...slide }
      : { _tag: "AveragePool", ...slide, countsPadding: int("count_include_pad", 0) === 1 }
  }
  const whole = { size: "image", stride: { height: 1, width: 1 }, padding: "valid" } as const

  /** Axes of a reduction, from an attribute or a stored input. */
  const axesOf = ({ attributes, inputs }: OnnxNode): ReadonlyArray<number> => {
    const stored = inputs[1] === undefined ? undefined : raw.get(inputs[1])
    return (stored && wholeNumbersOf(stored)) ?? attributes.get("axes")?.ints ?? []
  }

  const powerOf = ({ inputs }: OnnxNode, place: string): Step => {
    const exponent = isConstant(inputs[1] ?? "") ? tensor(inputs[1]!).values : new Float64Array()
    const activation = { 2: "square", 3: "cube" }[exponent[0]!]
    if (exponent.length === 1 && (activation === "square" || activation === "cube")) {
      return { _tag: "Activation", name: place, activation }
    }
    throw new BadModel({
      path,
      place,
      reason: "the exponent of Pow is neither 2 nor 3",
      remedy: "certify another network",
    })
  }

  const flattened = (node: OnnxNode, place: string): Step => {
    const { int, refuse } = reader(node, place)
    if (node.operator === "Flatten") {
      if (int("axis", 1) !== 1)
        refuse(`axis of Flatten is ${int("axis", 1)}`, "only 1 is supported")
    } else {
      const stored = raw.get(node.inputs[1] ?? "")
      const shape = stored && wholeNumbersOf(stored)
      if (shape === undefined) refuse("Reshape has a computed shape", "use torch.flatten(x, 1)")
      // the samples, and all else
      const isFlat = shape!.length === 2 && (shape![1] === -1 || shape![1]! > 0)
      if (!isFlat)
        refuse(
          `Reshape to ${shape!.join(" x ")}`,
          "it is supported only where it flattens an image",
        )
    }
    return { _tag: "Flatten", name: place }
  }

  /** Step of a node that is not a sum. */
  const stepOf = (node: OnnxNode, place: string): Step | "nothing" => {
    const { attribute, requireInt, weightAt } = reader(node, place)
    const { operator } = node
    const activation = Object.hasOwn(activations, operator) ? activations[operator] : undefined
    if (activation !== undefined) return { _tag: "Activation", name: place, activation }
    switch (operator) {
      case "Gemm":
        return gemm(node, place)
      case "MatMul": {
        const weights = weightAt(1)
        return { _tag: "Dense", name: layerOf(weights.name), weights, rows: "inputs" }
      }
      case "Conv":
        return convolution(node, place)
      case "Pad":
        return padded(node, place)
      case "Clip":
        return clipped(node, place)
      case "BatchNormalization":
        return normalisation(node, place)
      case "Gelu":
        return {
          _tag: "Activation",
          name: place,
          activation: attribute("approximate", "text") === "tanh" ? "gelu-tanh" : "gelu",
        }
      case "Pow":
        return powerOf(node, place)
      case "MaxPool":
      case "AveragePool":
        return pool(node, place)
      case "GlobalAveragePool":
        return { _tag: "AveragePool", name: place, countsPadding: false, ...whole }
      case "GlobalMaxPool":
        return { _tag: "MaxPool", name: place, ...whole }
      case "ReduceMean": {
        const axes = axesOf(node).map((axis) => (axis < 0 ? axis + 4 : axis))
        if (axes.toSorted((a, b) => a - b).join() !== "2,3") {
          throw new BadModel({
            path,
            place,
            reason: `ReduceMean over axes ${axes.join(", ") || "that are computed"}`,
            remedy: "it is supported only over the pixels of an image, axes 2 and 3",
          })
        }
        return { _tag: "AveragePool", name: place, countsPadding: false, ...whole }
      }
      case "Flatten":
      case "Reshape":
        return flattened(node, place)
      case "Identity":
      case "Dropout":
        return "nothing"
      case "Softmax":
      case "LogSoftmax":
        if ((attribute("axis", "int") ?? -1) !== 1) requireInt("axis", -1)
        return { _tag: "Softmax", name: operator }
      default:
        throw new UnknownOperator({ path, operator, place, known })
    }
  }
  return { isConstant, stepOf, tensor, flat, rawOf: (name: string) => raw.get(name) }
}
