/** Minima of functions of one variable on an interval around 0. */
import * as Elementary from "@nonconvex/numerics/Elementary"

const gridSize = 400
const smallest = 1e-4
const golden = (Math.sqrt(5) - 1) / 2

/** Golden-section search on `[low, high]`; returns the least value seen. */
const refine = (f: (z: number) => number, low: number, high: number): number => {
  let [a, b] = [low, high]
  let least = Math.min(f(a), f(b))
  for (let step = 0; step < 80; step++) {
    const c = b - golden * (b - a)
    const d = a + golden * (b - a)
    const [atC, atD] = [f(c), f(d)]
    least = Math.min(least, atC, atD)
    if (atC < atD) b = d
    else a = c
  }
  return least
}

/** Least value of `f` on `[-range, range]`: a grid with logarithmic steps on both sides of 0, refined around its minimum. */
export const minimum = (f: (z: number) => number, range: number): number => {
  const side = Array.from(
    { length: gridSize },
    (_, k) => smallest * Elementary.pow(range / smallest, k / (gridSize - 1)),
  )
  const grid = [...side.map((z) => -z).toReversed(), 0, ...side]
  const values = grid.map(f)
  let best = 0
  for (let k = 1; k < values.length; k++) if (values[k]! < values[best]!) best = k
  const low = grid[Math.max(0, best - 1)]!
  const high = grid[Math.min(grid.length - 1, best + 1)]!
  return Math.min(values[best]!, refine(f, low, high))
}
