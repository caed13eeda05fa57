/** What can be between the layers of a network, and how many numbers it gives for a row. */
import type * as Dataset from "@nonconvex/datasets/Dataset"

/** What can be between the layers. */
export { names as activations } from "@nonconvex/problems/network/Activation"

/** How many numbers a network gives for a row. */
export const outputsOf = (target: Dataset.Target): number =>
  target._tag === "Classification" ? target.classes.length : 1
