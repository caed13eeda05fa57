/** Whole runs of small descents as one call, of one point or of many. */
import { invalid } from "../InvalidInput.ts"
import * as Require from "../Require.ts"
import * as Check from "./Check.ts"
import type { Engine } from "./Engine.ts"
import * as Descent from "./reference/Descent.ts"

/** Where a step takes its gradient: at the point, at `w + radius g / |g|`, or at `w + radius g`. */
export type Perturbing = (typeof kinds)[number]

const kinds = ["none", "normalised", "unnormalised"] as const

/** `(x y - target)^2 / 2`, or `sum_i spectrum_i (x_i - minimiser_i)^2 / 2`. */
export type SmallObjective =
  | { readonly kind: "product"; readonly target: number }
  | {
      readonly kind: "diagonal"
      readonly spectrum: Float64Array
      readonly minimiser: Float64Array
    }

export interface RunKernels {
  /**
   * Takes up to `steps` steps `w <- w - rate g` of every point, in place, and returns how many. It stops before a step in which any point has a gradient of 0
   * (if it is divided by its norm) or numbers near the ends of their range: such a step has cases, which are not here. No multiply-add is fused, whatever
   * the build. Throws InvalidInput on wrong lengths, on numbers that are not finite, and on a radius that is not positive where there is one; ArenaFull
   * where copies do not fit.
   */
  readonly descend: (
    objective: SmallObjective,
    perturbing: Perturbing,
    steps: number,
    rate: number,
    radius: number,
    points: ReadonlyArray<Float64Array>,
  ) => number
}

export const runKernels = (engine: Engine): RunKernels => ({ descend: descend(engine) })

const descend =
  ({ exports: wasm, heap, staging }: Engine): RunKernels["descend"] =>
  (objective, perturbing, steps, rate, radius, points) => {
    const operation = "Kernels.descend"
    const isProduct = objective.kind === "product"
    const n = isProduct ? 2 : objective.spectrum.length
    Check.dimensions(operation, steps)
    Require.count(operation, "spectrum.length", n)
    Require.finite(operation, "rate", rate)
    if (perturbing !== "none") Require.positive(operation, "radius", radius)
    if (isProduct) Require.finite(operation, "target", objective.target)
    else Require.length(operation, "minimiser", objective.minimiser.length, n)
    for (const [place, point] of points.entries()) {
      if (point.length !== n)
        invalid(operation, "every point must be as long as the objective says", {
          place,
          length: point.length,
          n,
        })
    }
    if (wasm === undefined || points.length === 0)
      return Descent.descend(objective, perturbing, steps, rate, radius, points)
    const vectors = (points.length + 1) >> 1
    const kind = kinds.indexOf(perturbing)
    try {
      const at = staging.temporary(16 * n * vectors)
      const work = staging.temporary(16 * n * (vectors + 1))
      // the last point stands in for the one that an odd number lacks
      for (let r = 0; r < 2 * vectors; r++) {
        const point = points[r] ?? points[r - 1]!
        const to = at / 8 + 2 * n * (r >> 1) + (r & 1)
        for (let i = 0; i < n; i++) heap[to + 2 * i] = point[i]!
      }
      const taken = isProduct
        ? wasm.descendProduct(kind, steps, rate, radius, objective.target, vectors, at, work)
        : wasm.descendDiagonal(
            kind,
            steps,
            rate,
            radius,
            n,
            staging.input(objective.spectrum),
            staging.input(objective.minimiser),
            vectors,
            at,
            work,
          )
      for (const [r, point] of points.entries()) {
        const from = at / 8 + 2 * n * (r >> 1) + (r & 1)
        for (let i = 0; i < n; i++) point[i] = heap[from + 2 * i]!
      }
      return taken
    } finally {
      staging.end()
    }
  }
