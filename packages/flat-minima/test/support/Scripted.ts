import type { Draws } from "../../src/perturbation/Draws.ts"

/** Draws that repeat a list in every run: directions, samples and signs in order. */
export const scripted = (
  directions: ReadonlyArray<ReadonlyArray<number>>,
  indices: ReadonlyArray<number> = [0],
  signs: ReadonlyArray<number> = [1],
): Draws<{ sphere: number; index: number; sign: number }> => ({
  begin: () => ({ sphere: 0, index: 0, sign: 0 }),
  fillSphere: (next, out) => out.set(directions[next.sphere++ % directions.length]!),
  index: (next) => indices[next.index++ % indices.length]!,
  sign: (next) => signs[next.sign++ % signs.length]!,
})
