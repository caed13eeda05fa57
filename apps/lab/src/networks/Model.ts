/** Activations between the layers of a network, and the number of its outputs. */
import type * as Dataset from "@nonconvex/datasets/Dataset"

/** Activations between the layers. */
export { names as activations } from "@nonconvex/problems/network/Activation"

/** Number of outputs of a network for a row. */
export const outputsOf = (target: Dataset.Target): number =>
  target._tag === "Classification" ? target.classes.length : 1
