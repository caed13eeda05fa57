/** The network of a training, with the loss that its target asks for. */
import type * as Dataset from "@nonconvex/datasets/Dataset"
import * as Transform from "@nonconvex/datasets/Transform"
import type * as Seed from "@nonconvex/numerics/Seed"
import * as Activation from "@nonconvex/problems/network/Activation"
import * as Architecture from "@nonconvex/problems/network/Architecture"
import * as Initialisation from "@nonconvex/problems/network/Initialisation"
import * as Loss from "@nonconvex/problems/network/Loss"
import { network, type Network } from "@nonconvex/problems/network/Network"
import type { Prepared } from "../data/train/Prepared.ts"

/** What can be between the layers. */
export const activations = [
  "relu",
  "tanh",
  "sigmoid",
  "softplus",
  "identity",
  "square",
  "cube",
] as const satisfies ReadonlyArray<Activation.Activation>

export interface Shape {
  readonly hidden: ReadonlyArray<number>
  readonly activation: Activation.Activation
}

export interface Model {
  /** The mean training loss. */
  readonly network: Network
  readonly start: Float64Array
  /** How the values of a regression are scaled for the network: mean 0 and deviation 1 on the training part. */
  readonly targetScale: Transform.Scaling | undefined
}

/** How many numbers a network gives for a row. */
export const outputsOf = (target: Dataset.Target): number =>
  target._tag === "Classification" ? target.classes.length : 1

/** Builds the network on the training data and draws its first parameters. Throws InvalidInput. */
export const build = (
  { train }: Prepared,
  { activation, hidden }: Shape,
  seed: Seed.Seed,
): Model => {
  const { dimension, features, target } = train
  const architecture = Architecture.make({
    widths: [dimension, ...hidden, outputsOf(target)],
    activation: hidden.length === 0 ? Activation.identity : activation,
  })
  const targetScale = target._tag === "Regression" ? Transform.standard(target.values) : undefined
  const loss =
    target._tag === "Classification"
      ? Loss.crossEntropy(target.labels)
      : Loss.squared(
          target.values.map((value) => (value - targetScale!.shift) / targetScale!.scale),
        )
  const initial =
    architecture.activation === Activation.relu ? Initialisation.he : Initialisation.glorot
  return {
    network: network({ features, dimension, architecture, loss }),
    start: initial(architecture, seed.child("initialisation")),
    targetScale,
  }
}
