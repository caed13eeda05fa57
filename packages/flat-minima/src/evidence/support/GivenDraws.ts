/** Draws that a law gives to an implementation: fixed ones, and those of the library with some answers changed. */
import type { Draws, Sequence } from "../../perturbation/Draws.ts"

/** The sphere point is always `direction`, the sample `index`, and its sign `sign`. */
export const fixed = (direction: Float64Array, index = 0, sign = 1): Draws => ({
  start: () => ({
    fillSphere: (out) => out.set(direction),
    index: () => index,
    sign: () => sign,
  }),
})

export const altered = (
  draws: Draws,
  change: (sequence: Sequence) => Partial<Sequence>,
): Draws => ({
  start: () => {
    const sequence = draws.start()
    return { ...sequence, ...change(sequence) }
  },
})
