/** Many steps of a descent at one rate, one after the other: a kernel that takes them at once has their bits. */
import type { SamplesLimits } from "@nonconvex/numerics/Kernels"

/** Up to `count` steps at one rate; returns how many. See `Descent`. */
export type Advance = (
  count: number,
  learningRate: number,
  losses: Float64Array,
  limits?: SamplesLimits,
) => number

/** Every number is within. */
export const unlimited: SamplesLimits = {
  above: Number.NEGATIVE_INFINITY,
  atMost: Number.MAX_VALUE,
}

/** `advance` by single steps. */
export const advancing =
  (step: {
    readonly evaluate: () => number
    readonly move: (learningRate: number) => void
  }): Advance =>
  (count, learningRate, losses, { above, atMost } = unlimited) => {
    for (let taken = 0; taken < count; taken++) {
      const loss = step.evaluate()
      losses[taken] = loss
      if (!(loss > above && loss <= atMost)) return taken
      step.move(learningRate)
    }
    return count
  }
