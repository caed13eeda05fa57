/** Requirement that samples pass a network independently of each other. */
import { invalid } from "@nonconvex/numerics/InvalidInput"
import type { Architecture } from "../../network/Architecture.ts"

/**
 * Throws InvalidInput unless the samples of a batch go through the network without each other.
 *
 * @internal
 */
export const requireSeparable = (operation: string, { normalisations }: Architecture): void => {
  if (normalisations.length === 0) return
  invalid(
    operation,
    "batch normalisation couples the samples of a batch, and none has a loss or gradient of its own: use batchNormalised",
    { normalisations: normalisations.length },
  )
}
