/** Whole runs of sharpness-aware perturbation on diagonal linear networks. */
import * as Require from "../Require.ts"
import * as Check from "./Check.ts"
import type { Engine } from "./Engine.ts"
import * as Diagonal from "./reference/Diagonal.ts"

/** The network `p_i = a_i . (u^2 - v^2)` with the square loss, and the four numbers of the method. */
export interface DiagonalRun {
  /** n x width, row-major. */
  readonly matrix: Float64Array
  readonly labels: Float64Array
  /** Of a perturbed step, and of a plain one. */
  readonly rate: number
  readonly plainRate: number
  readonly radius: number
  /** The largest norm of the gradient at which a step is perturbed; may be Infinity. */
  readonly gradientThreshold: number
}

export interface DiagonalKernels {
  /**
   * Takes up to `steps` steps of sharpness-aware perturbation of `point` (u, then v), and returns how many, and how many of these were perturbed: each takes the next of
   * `indices` and `signs`, both as long as `steps`. It stops before a step with a gradient of 0 or numbers near the ends of their range. No multiply-add is
   * fused, whatever the build. Throws InvalidInput on wrong lengths and samples that there are not, ArenaFull where copies do not fit.
   */
  readonly perturbDiagonal: (
    run: DiagonalRun,
    steps: number,
    indices: Uint32Array,
    signs: Float64Array,
    point: Float64Array,
  ) => { readonly steps: number; readonly perturbed: number }
}

export const diagonalKernels = (engine: Engine): DiagonalKernels => ({
  perturbDiagonal: perturbDiagonal(engine),
})

const perturbDiagonal =
  ({ exports: wasm, heap, staging }: Engine): DiagonalKernels["perturbDiagonal"] =>
  (run, steps, indices, signs, point) => {
    const operation = "Kernels.perturbDiagonal"
    const { gradientThreshold, labels, matrix, plainRate, radius, rate } = run
    const n = labels.length
    const width = matrix.length / n
    Check.dimensions(operation, steps)
    Require.count(operation, "labels.length", n)
    Require.count(operation, "matrix.length / labels.length", width)
    Require.length(operation, "point", point.length, 2 * width)
    Require.length(operation, "indices", indices.length, steps)
    Require.length(operation, "signs", signs.length, steps)
    Check.indices(operation, indices, n, "samples")
    if (wasm === undefined) return Diagonal.perturb(run, steps, indices, signs, point)
    const even = width + (width & 1)
    try {
      const pm = staging.temporary(8 * n * even)
      const px = staging.temporary(16 * even)
      heap.fill(0, pm / 8, pm / 8 + n * even)
      heap.fill(0, px / 8, px / 8 + 2 * even)
      for (let i = 0; i < n; i++)
        heap.set(matrix.subarray(i * width, (i + 1) * width), pm / 8 + i * even)
      for (const half of [0, 1])
        heap.set(point.subarray(half * width, (half + 1) * width), px / 8 + half * even)
      const used = staging.temporary(8)
      const taken = wasm.perturbDiagonal(
        steps,
        n,
        even,
        pm,
        staging.input(labels),
        rate,
        plainRate,
        radius,
        gradientThreshold,
        staging.integers(indices),
        staging.input(signs),
        px,
        used,
        staging.temporary(6 * 16 * even),
      )
      for (const half of [0, 1]) {
        const from = px / 8 + half * even
        point.set(heap.subarray(from, from + width), half * width)
      }
      return { steps: taken, perturbed: heap[used / 8]! }
    } finally {
      staging.end()
    }
  }
