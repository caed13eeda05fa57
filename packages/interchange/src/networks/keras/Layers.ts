/** Layers of a Keras configuration, as steps. */
import { quote } from "@nonconvex/datasets/Quote"
import type * as Activation from "@nonconvex/problems/network/Activation"
import type * as Architecture from "@nonconvex/problems/network/Architecture"
import { BadModel, MissingTensor, UnknownOperator } from "../ModelError.ts"
import type { Step } from "../Step.ts"
import type { Tensor } from "../Tensor.ts"

/** Values of a JSON object. */
export type Fields = Readonly<Record<string, unknown>>

export const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** Tensor `part` of a layer by its name, such as "kernel"; undefined if the file has none. */
export type Weights = (layer: string, part: string) => Tensor | undefined

/** A layer of the configuration. */
export interface Layer {
  readonly name: string
  readonly className: string
  readonly config: Fields
  readonly inbound: unknown
}

const activations: Readonly<Record<string, Activation.Activation | "softmax">> = {
  linear: "identity",
  relu: "relu",
  relu6: "relu6",
  tanh: "tanh",
  sigmoid: "sigmoid",
  softplus: "softplus",
  gelu: "gelu",
  gelu_new: "gelu-tanh",
  softmax: "softmax",
  log_softmax: "softmax",
}

/** Supported layers, as messages list them. */
const known =
  "Dense Conv2D DepthwiseConv2D ZeroPadding2D BatchNormalization Activation ReLU Softmax MaxPooling2D AveragePooling2D GlobalAveragePooling2D GlobalMaxPooling2D Flatten Reshape Add Dropout SpatialDropout2D GaussianNoise InputLayer Sequential Functional".split(
    " ",
  )

/** Makes the reader of the layers of a model. */
export const reader = (path: string, weights: Weights) => {
  const refuse = (place: string, reason: string, remedy: string): never => {
    throw new BadModel({ path, place, reason, remedy })
  }
  const placeOf = ({ name }: Layer): string => `layer ${quote(name)}`
  /** One number for both sides, or two numbers. */
  const sides = (layer: Layer, key: string, value: unknown): Architecture.Extent => {
    const pair = Array.isArray(value) ? (value as ReadonlyArray<unknown>) : [value, value]
    const [height, width] = pair
    if (pair.length === 2 && Number.isSafeInteger(height) && Number.isSafeInteger(width)) {
      return { height: height as number, width: width as number }
    }
    return refuse(placeOf(layer), `its ${key} are not two integers`, "save the model again")
  }
  const requireNone = (layer: Layer, key: string, allowed: ReadonlyArray<unknown>): void => {
    const value = layer.config[key]
    const flat = Array.isArray(value) ? (value as ReadonlyArray<unknown>) : [value]
    if (flat.every((each) => allowed.includes(each))) return
    refuse(
      placeOf(layer),
      `its ${key} is ${quote(JSON.stringify(value))}`,
      `only ${String(allowed.at(-1))} is supported`,
    )
  }
  const padding = (layer: Layer): "same" | "valid" => {
    const { padding: said = "valid" } = layer.config
    return said === "same" || said === "valid"
      ? said
      : refuse(
          placeOf(layer),
          `its padding is ${quote(JSON.stringify(said))}`,
          "only valid and same are supported",
        )
  }
  const tensor = (layer: Layer, part: string): Tensor => {
    const found = weights(layer.name, part)
    if (found !== undefined) return found
    throw new MissingTensor({ path, layer: layer.name, tensor: part, available: [] })
  }
  const activation = (layer: Layer, name: unknown = "linear"): ReadonlyArray<Step> => {
    const plain = isFields(name) ? name["class_name"] : name
    const found =
      typeof plain === "string" && Object.hasOwn(activations, plain)
        ? activations[plain]
        : undefined
    if (found === undefined) {
      throw new UnknownOperator({
        path,
        operator: `activation ${typeof plain === "string" ? plain : JSON.stringify(plain)}`,
        place: placeOf(layer),
        known: Object.keys(activations),
      })
    }
    if (found === "softmax") return [{ _tag: "Softmax", name: `softmax of ${quote(layer.name)}` }]
    return found === "identity" ? [] : [{ _tag: "Activation", name: layer.name, activation: found }]
  }
  const affine = (layer: Layer, kernel = "kernel") => ({
    name: layer.name,
    weights: weights(layer.name, kernel) ?? tensor(layer, "kernel"),
    ...(layer.config["use_bias"] !== false && { bias: tensor(layer, "bias") }),
  })
  const slide = (layer: Layer) => {
    const { pool_size: size = 2, strides } = layer.config
    const extent = sides(layer, "pool_size", size)
    return {
      name: layer.name,
      size: extent,
      stride: strides === undefined || strides === null ? extent : sides(layer, "strides", strides),
      padding: padding(layer),
    }
  }
  const whole = { size: "image", stride: { height: 1, width: 1 }, padding: "valid" } as const

  const normalisation = (layer: Layer): Step => {
    const { center, epsilon = 1e-3, scale } = layer.config
    if (typeof epsilon !== "number")
      return refuse(placeOf(layer), "its epsilon is not a number", "save the model again")
    return {
      _tag: "Normalisation",
      name: layer.name,
      ...(scale !== false && { scales: tensor(layer, "gamma") }),
      ...(center !== false && { shifts: tensor(layer, "beta") }),
      mean: tensor(layer, "moving_mean"),
      variance: tensor(layer, "moving_variance"),
      epsilon,
    }
  }

  /** Steps of a layer; "add" for a sum. */
  const stepsOfLayer = (layer: Layer): ReadonlyArray<Step> | "add" => {
    const { className, config, name } = layer
    requireNone(layer, "data_format", [null, undefined, "channels_last"])
    switch (className) {
      case "Dense":
        return [
          { _tag: "Dense", rows: "inputs", ...affine(layer) },
          ...activation(layer, config["activation"]),
        ]
      case "Conv2D":
        requireNone(layer, "dilation_rate", [undefined, 1])
        requireNone(layer, "groups", [undefined, null, 1])
        return [
          {
            _tag: "Convolution",
            ...affine(layer),
            stride: sides(layer, "strides", config["strides"] ?? 1),
            padding: padding(layer),
          },
          ...activation(layer, config["activation"]),
        ]
      case "DepthwiseConv2D":
        requireNone(layer, "dilation_rate", [undefined, 1])
        requireNone(layer, "depth_multiplier", [undefined, null, 1])
        return [
          {
            _tag: "Depthwise",
            ...affine(layer, "depthwise_kernel"),
            stride: sides(layer, "strides", config["strides"] ?? 1),
            padding: padding(layer),
          },
          ...activation(layer, config["activation"]),
        ]
      case "ZeroPadding2D": {
        const { padding: said = 1 } = config
        const [rows, columns] = (
          Array.isArray(said) ? said : [said, said]
        ) as ReadonlyArray<unknown>
        const [above, beside] = [rows, columns].map((each) => sides(layer, "padding", each))
        const margins = {
          top: above!.height,
          bottom: above!.width,
          left: beside!.height,
          right: beside!.width,
        }
        return [{ _tag: "Pad", name, margins }]
      }
      case "BatchNormalization":
        requireNone(layer, "axis", [undefined, -1, 1, 3])
        return [normalisation(layer)]
      case "Activation":
        return activation(layer, config["activation"])
      case "ReLU":
        requireNone(layer, "max_value", [undefined, null, 6])
        requireNone(layer, "negative_slope", [undefined, null, 0])
        requireNone(layer, "threshold", [undefined, null, 0])
        return [
          { _tag: "Activation", name, activation: config["max_value"] === 6 ? "relu6" : "relu" },
        ]
      case "Softmax":
        return [{ _tag: "Softmax", name: "softmax" }]
      case "MaxPooling2D":
        return [{ _tag: "MaxPool", ...slide(layer) }]
      case "AveragePooling2D":
        return [{ _tag: "AveragePool", countsPadding: false, ...slide(layer) }]
      case "GlobalAveragePooling2D":
        return [{ _tag: "AveragePool", name, countsPadding: false, ...whole }]
      case "GlobalMaxPooling2D":
        return [{ _tag: "MaxPool", name, ...whole }]
      case "Flatten":
        return [{ _tag: "Flatten", name }]
      case "Reshape": {
        const target = config["target_shape"]
        if (!Array.isArray(target) || target.length !== 1) {
          return refuse(
            placeOf(layer),
            "it reshapes to more than a vector",
            "a reshape is supported only where it flattens",
          )
        }
        return [{ _tag: "Flatten", name }]
      }
      case "Add":
        return "add"
      case "Dropout":
      case "SpatialDropout2D":
      case "GaussianNoise":
      case "InputLayer":
        return []
      default:
        throw new UnknownOperator({ path, operator: className, place: placeOf(layer), known })
    }
  }
  return { refuse, stepsOfLayer, placeOf }
}
