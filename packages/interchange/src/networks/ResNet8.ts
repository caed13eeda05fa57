/** ResNet-8 with the names of a PyTorch module, from which its file is read without a description. */
import type * as Architecture from "@nonconvex/problems/network/Architecture"
import { model } from "./DescribedNetwork.ts"
import type { Described } from "./Description.ts"
import type { Model } from "./Model.ts"
import type { Tensor } from "./Tensor.ts"

interface Options {
  readonly input: Architecture.Shape
  /** Names of the classes. */
  readonly classes: ReadonlyArray<string>
  /** Channels of the first convolution; the last two residual blocks have twice and four times as many. */
  readonly channels: number
}

/**
 * The network of `resNet8` of @nonconvex/problems for predictions, with weights 0, and normalisations of mean 0 and variance 1.
 * `path` is the file that errors name.
 */
export const resNet8 = (path: string, { channels, classes, input }: Options): Model => {
  const tensors = new Map<string, Tensor>()
  const tensor = (name: string, shape: ReadonlyArray<number>, value: number): void => {
    const count = shape.reduce((product, size) => product * size, 1)
    tensors.set(name, { name, shape, values: new Float64Array(count).fill(value) })
  }
  /** Convolution that keeps the size, or halves it with stride 2, and its normalisation. */
  const convolution = (
    [layer, normalisation]: readonly [layer: string, normalisation: string],
    from: number,
    to: number,
    [size, stride]: readonly [size: number, stride: number],
  ): ReadonlyArray<Described> => {
    tensor(`${layer}.weight`, [to, from, size, size], 0)
    tensor(`${normalisation}.weight`, [to], 1)
    tensor(`${normalisation}.bias`, [to], 0)
    tensor(`${normalisation}.running_mean`, [to], 0)
    tensor(`${normalisation}.running_var`, [to], 1)
    return [
      { layer: "convolution", name: layer, stride, padding: (size - 1) / 2 },
      { layer: "normalisation", name: normalisation },
    ]
  }
  const block = (
    name: string,
    from: number,
    to: number,
    stride: number,
  ): ReadonlyArray<Described> => [
    {
      layer: "residual",
      branch: [
        ...convolution([`${name}.conv1`, `${name}.bn1`], from, to, [3, stride]),
        "relu",
        ...convolution([`${name}.conv2`, `${name}.bn2`], to, to, [3, 1]),
      ],
      shortcut:
        stride === 1
          ? []
          : convolution([`${name}.shortcut.0`, `${name}.shortcut.1`], from, to, [1, stride]),
    },
    "relu",
  ]
  const layers: ReadonlyArray<Described> = [
    ...convolution(["conv1", "bn1"], input.channels, channels, [3, 1]),
    "relu",
    ...block("layer1", channels, channels, 1),
    ...block("layer2", channels, 2 * channels, 2),
    ...block("layer3", 2 * channels, 4 * channels, 2),
    { layer: "average pool", size: "image" },
    "flatten",
    { layer: "dense", name: "fc" },
  ]
  tensor("fc.weight", [classes.length, 4 * channels], 0)
  tensor("fc.bias", [classes.length], 0)
  const shape = [input.channels, input.height, input.width] as const
  return model(path, { version: 1, input: shape, layers, loss: "cross entropy", classes }, tensors)
}
