/** Whole runs of gradient descent with noise on the labels, on products of small matrices. */
import { invalid } from "../InvalidInput.ts"
import * as Require from "../Require.ts"
import * as Check from "./Check.ts"
import type { Engine } from "./Engine.ts"
import * as Layers from "./reference/Layers.ts"

/** The loss `(1/n) sum_k (<A_k, W_L ... W_1> - b_k)^2`, and the numbers of the descent. */
export interface LayersRun {
  /** d_0, d_1, ..., d_L of two layers or more: W_j is d_j x d_(j-1). */
  readonly widths: Int32Array
  /** A_1, ..., A_n one after the other, each d_L x d_0. */
  readonly matrices: Float64Array
  readonly targets: Float64Array
  /** Of the noise on the labels; 0 is none. */
  readonly noise: number
  readonly rate: number
}

export interface LayersKernels {
  /**
   * Takes up to `steps` steps of every point (W_1, ..., W_L), in place, and returns how many: step t of run r has the labels `b_k + noise epsilon[r][t n + k]`, of which there need
   * be none without noise. It stops before a
   * step in which the numbers of any run come near to where they end. No multiply-add is fused, whatever the build. Throws InvalidInput on wrong lengths and
   * numbers, ArenaFull where copies do not fit.
   */
  readonly descendLayers: (
    run: LayersRun,
    steps: number,
    points: ReadonlyArray<Float64Array>,
    epsilon?: ReadonlyArray<Float64Array>,
  ) => number
}

/** Moves by gradients whose squares do not overflow stay finite up to this rate. */
const largestRate = 1e100

const operation = "Kernels.descendLayers"

/** Numbers of all layers, and of all products from the second on. */
const shapeOf = ({ matrices, noise, rate, targets, widths }: LayersRun) => {
  if (widths.length < 3)
    invalid(operation, "widths must be three or more numbers", { widths: widths.length })
  let dimension = 0
  let later = 0
  for (let j = 0; j < widths.length; j++) {
    Require.count(operation, `widths[${j}]`, widths[j]!)
    if (j > 0) dimension += widths[j]! * widths[j - 1]!
    if (j > 1) later += widths[j]! * widths[0]!
  }
  const n = targets.length
  Require.count(operation, "targets.length", n)
  Check.length(operation, "matrices", matrices, n * widths[0]! * widths[widths.length - 1]!)
  Require.nonNegative(operation, "noise", noise)
  Require.finite(operation, "rate", rate)
  if (Math.abs(rate) > largestRate)
    invalid(operation, `a rate must be at most ${largestRate}`, { rate })
  return { dimension, later, n }
}

export const layersKernels = (engine: Engine): LayersKernels => ({
  descendLayers: descendLayers(engine),
})

const descendLayers =
  ({ exports: wasm, heap, staging }: Engine): LayersKernels["descendLayers"] =>
  (run, steps, points, epsilon = []) => {
    const { dimension, later, n } = shapeOf(run)
    const { matrices, noise, rate, targets, widths } = run
    Check.dimensions(operation, steps)
    if (noise > 0) Require.length(operation, "epsilon", epsilon.length, points.length)
    for (const [r, point] of points.entries()) {
      Check.length(operation, `points[${r}]`, point, dimension)
      if (noise > 0) Check.length(operation, `epsilon[${r}]`, epsilon[r]!, n * steps)
    }
    if (wasm === undefined || points.length === 0)
      return Layers.descend(run, steps, points, epsilon)
    // four runs share two vectors, up to two one
    const lanes = points.length > 2 ? 4 : 2
    const groups = Math.ceil(points.length / lanes)
    try {
      const at = staging.temporary(8 * lanes * groups * dimension)
      const rounds = noise > 0 ? steps : 0
      const drawn = staging.temporary(8 * lanes * groups * n * rounds)
      // the last run stands in for those that are not there
      for (let r = 0; r < lanes * groups; r++) {
        const from = Math.min(r, points.length - 1)
        const lane = r % lanes
        const to = at / 8 + (r - lane) * dimension + lane
        for (let i = 0; i < dimension; i++) heap[to + lanes * i] = points[from]![i]!
        for (let t = 0; t < rounds; t++) {
          const place = drawn / 8 + n * (t * lanes * groups + r - lane) + lane
          for (let k = 0; k < n; k++) heap[place + lanes * k] = epsilon[from]![t * n + k]!
        }
      }
      const taken = wasm.descendLayers(
        lanes === 4 ? 1 : 0,
        steps,
        groups,
        widths.length - 1,
        staging.integers(widths),
        n,
        staging.input(matrices),
        staging.input(targets),
        noise > 0 ? 1 : 0,
        noise,
        drawn,
        rate,
        at,
        staging.temporary(8 * lanes * (groups * dimension + 2 * later + dimension)),
      )
      for (const [r, point] of points.entries()) {
        const lane = r % lanes
        const from = at / 8 + (r - lane) * dimension + lane
        for (let i = 0; i < dimension; i++) point[i] = heap[from + lanes * i]!
      }
      return taken
    } finally {
      staging.end()
    }
  }
