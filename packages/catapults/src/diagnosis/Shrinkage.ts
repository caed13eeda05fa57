/** Length of Adam's steps after the gradient of a bad batch. */
import * as Elementary from "@nonconvex/numerics/Elementary"
import type { Evidence } from "../spikes/Evidence.ts"
import type { TrainingLog } from "./TrainingLog.ts"

/**
 * Factor by which Adam's steps shrink after the gradient of a jump, which stays in the average of squares for `1 / (1 -
 * beta2)` steps. It is `(sqrt(g^2 + (1 - beta2) G^2) + epsilon) / (g + epsilon)` for the norms g before and G at the
 * jump. It is 1 if no norms are given.
 */
export const shrinkageOf = ({ gradientNorms, optimizer }: TrainingLog, evidence: Evidence) => {
  if (optimizer?.name !== "adam") return undefined
  const { beta2, epsilon } = optimizer
  const norm = gradientNorms?.[evidence.jumpAt] ?? Number.NaN
  const calm = norm / (evidence.gradientAtJump ?? 1)
  const times = (Elementary.hypot(calm, Math.sqrt(1 - beta2) * norm) + epsilon) / (calm + epsilon)
  return { times, steps: 1 / (1 - beta2) }
}
