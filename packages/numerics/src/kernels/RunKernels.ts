/** Whole runs of small descents as one call, of one point or of many. */
import { invalid } from "../InvalidInput.ts"
import * as Require from "../Require.ts"
import * as Check from "./Check.ts"
import type { Engine } from "./Engine.ts"
import * as Descent from "./reference/Descent.ts"

/** Where a step takes its gradient: at the point, at `w + radius g / |g|`, or at `w + radius g`. */
export type Perturbing = (typeof kinds)[number]

const kinds = ["none", "normalised", "unnormalised"] as const

/**
 * `(x y - target)^2 / 2`, `sum_i spectrum_i (x_i - minimiser_i)^2 / 2`, `(x - minimiser)^T H (x - minimiser) / 2` with the row-major H of `hessian`, or
 * `(base + amplitude sin x) y^2 / 2`.
 */
export type SmallObjective =
  | { readonly kind: "product"; readonly target: number }
  | {
      readonly kind: "diagonal"
      readonly spectrum: Float64Array
      readonly minimiser: Float64Array
    }
  | {
      readonly kind: "dense"
      readonly hessian: Float64Array
      readonly minimiser: Float64Array
    }
  | { readonly kind: "valley"; readonly base: number; readonly amplitude: number }

/** Throws InvalidInput on wrong lengths and on numbers that are not finite. */
const requireObjective = (operation: string, objective: SmallObjective): void => {
  const n = Descent.dimensionOf(objective)
  Require.count(operation, "minimiser.length", n)
  if (objective.kind === "product") Require.finite(operation, "target", objective.target)
  if (objective.kind === "diagonal")
    Require.length(operation, "spectrum", objective.spectrum.length, n)
  if (objective.kind === "dense")
    Require.length(operation, "hessian", objective.hessian.length, n * n)
  if (objective.kind === "valley") {
    Require.finite(operation, "base", objective.base)
    Require.finite(operation, "amplitude", objective.amplitude)
  }
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

/** The first coordinate of a run, where `width` of them lie beside each other. */
const placeOf = (at: number, run: number, n: number, width: number): number =>
  at / 8 + n * (run - (run % width)) + (run % width)

const descend =
  ({ exports: wasm, heap, staging }: Engine): RunKernels["descend"] =>
  (objective, perturbing, steps, rate, radius, points) => {
    const operation = "Kernels.descend"
    const n = Descent.dimensionOf(objective)
    Check.dimensions(operation, steps)
    requireObjective(operation, objective)
    Require.finite(operation, "rate", rate)
    if (perturbing !== "none") Require.positive(operation, "radius", radius)
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
    const kind = kinds.indexOf(perturbing)
    const isValley = objective.kind === "valley"
    // of a valley one run comes after the other, of all else two share vectors
    const width = isValley ? 1 : 2
    const vectors = Math.ceil(points.length / width)
    try {
      const at = staging.temporary(8 * width * n * vectors)
      const work = staging.temporary(8 * width * n * (vectors + 2))
      // the last point stands in for the one that an odd number lacks
      for (let r = 0; r < width * vectors; r++) {
        const point = points[r] ?? points[r - 1]!
        const to = placeOf(at, r, n, width)
        for (let i = 0; i < n; i++) heap[to + width * i] = point[i]!
      }
      const shared = [kind, steps, rate, radius] as const
      const runs = [vectors, at, work] as const
      let taken: number
      if (isValley)
        taken = wasm.descendValley(...shared, objective.base, objective.amplitude, ...runs)
      else if (objective.kind === "product")
        taken = wasm.descendProduct(...shared, objective.target, ...runs)
      else {
        const minimiser = staging.input(objective.minimiser)
        taken =
          objective.kind === "diagonal"
            ? wasm.descendDiagonal(
                ...shared,
                n,
                staging.input(objective.spectrum),
                minimiser,
                ...runs,
              )
            : wasm.descendDense(...shared, n, staging.input(objective.hessian), minimiser, ...runs)
      }
      for (const [r, point] of points.entries()) {
        const from = placeOf(at, r, n, width)
        for (let i = 0; i < n; i++) point[i] = heap[from + width * i]!
      }
      return taken
    } finally {
      staging.end()
    }
  }
