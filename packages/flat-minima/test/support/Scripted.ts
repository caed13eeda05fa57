import type { Draws } from "../../src/perturbation/Draws.ts"

/** Draws that come round in every run: directions, samples and signs in their order. */
export const scripted = (
  directions: ReadonlyArray<ReadonlyArray<number>>,
  indices: ReadonlyArray<number> = [0],
  signs: ReadonlyArray<number> = [1],
): Draws => ({
  start: () => {
    const [next, place] = [
      { sphere: 0, index: 0, sign: 0 },
      <T>(of: ReadonlyArray<T>, k: number) => of[k % of.length]!,
    ]
    return {
      fillSphere: (out) => out.set(place(directions, next.sphere++)),
      index: () => place(indices, next.index++),
      sign: () => place(signs, next.sign++),
    }
  },
})
