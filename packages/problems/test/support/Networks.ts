import { network, type Network } from "../../src/index.ts"
import type * as Activation from "../../src/network/Activation.ts"
import * as Architecture from "../../src/network/Architecture.ts"
import type * as Loss from "../../src/network/Loss.ts"
import { points } from "./Problems.ts"

/** More samples than pass through the layers together, with two remainders. */
export const size = 300
export const features = points(size * 3, 1, 1, "network features")[0]!
export const targets = points(size * 2, 1, 1, "network targets")[0]!
export const labels = Int32Array.from({ length: size }, (_, i) => (targets[2 * i]! > 0 ? 1 : 0))

/** A network from 3 features to 2 outputs on these samples. */
export const make = (
  activation: Activation.Activation,
  loss: Loss.Loss,
  hidden: ReadonlyArray<number>,
): Network =>
  network({
    features,
    dimension: 3,
    architecture: Architecture.make({ widths: [3, ...hidden, 2], activation }),
    loss,
  })
