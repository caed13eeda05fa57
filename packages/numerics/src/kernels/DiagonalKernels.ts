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

/** One of many runs: where it stands, and what its perturbed steps draw. */
export interface DrawnRun {
  /** u, then v; in place. */
  readonly point: Float64Array
  readonly indices: Uint32Array
  readonly signs: Float64Array
}

/** How many steps a run took, and how many of these were perturbed. */
export interface TakenSteps {
  readonly steps: number
  readonly perturbed: number
}

export interface DiagonalKernels {
  /**
   * Takes up to `steps` steps of sharpness-aware perturbation of every run on the same network, and returns how many each took, as if it were alone: compiled kernels have the runs in the lanes of
   * the processor. A perturbed step takes the next of the `indices` and `signs` of its run, both as long as `steps`. A run stops before a step with a gradient of 0 or numbers near the
   * ends of their range, and the others go on. No multiply-add of the embedded kernels is fused, whatever the build. Throws InvalidInput on wrong lengths and samples that
   * there are not, ArenaFull where copies do not fit.
   */
  readonly perturbDiagonal: (
    run: DiagonalRun,
    steps: number,
    runs: ReadonlyArray<DrawnRun>,
  ) => ReadonlyArray<TakenSteps>
}

export const diagonalKernels = (engine: Engine): DiagonalKernels => ({
  perturbDiagonal: perturbDiagonal(engine),
})

const perturbDiagonal =
  ({ exports: wasm, heap, staging }: Engine): DiagonalKernels["perturbDiagonal"] =>
  (run, steps, runs) => {
    const operation = "Kernels.perturbDiagonal"
    const { gradientThreshold, labels, matrix, plainRate, radius, rate } = run
    const n = labels.length
    const width = matrix.length / n
    Check.dimensions(operation, steps)
    Require.count(operation, "labels.length", n)
    Require.count(operation, "matrix.length / labels.length", width)
    for (const { indices, point, signs } of runs) {
      Require.length(operation, "point", point.length, 2 * width)
      Require.length(operation, "indices", indices.length, steps)
      Require.length(operation, "signs", signs.length, steps)
      Check.indices(operation, indices, n, "samples")
    }
    if (wasm === undefined) return runs.map((drawn) => Diagonal.perturb(run, steps, drawn))
    const even = width + (width & 1)
    try {
      const pm = staging.temporary(8 * n * even)
      const px = staging.temporary(16 * even)
      const used = staging.temporary(8)
      // of all runs, one after the other: where one is taken, memory for the next one cannot lack
      const own = new Uint32Array(heap.buffer, staging.temporary(4 * steps), steps)
      const pSigns = staging.temporary(8 * steps)
      const pLabels = staging.input(labels)
      const work = staging.temporary(6 * 16 * even)
      heap.fill(0, pm / 8, pm / 8 + n * even)
      heap.fill(0, px / 8, px / 8 + 2 * even)
      for (let i = 0; i < n; i++)
        heap.set(matrix.subarray(i * width, (i + 1) * width), pm / 8 + i * even)
      return runs.map(({ indices, point, signs }) => {
        for (const half of [0, 1])
          heap.set(point.subarray(half * width, (half + 1) * width), px / 8 + half * even)
        own.set(indices)
        heap.set(signs, pSigns / 8)
        const taken = wasm.perturbDiagonal(
          steps,
          n,
          even,
          pm,
          pLabels,
          rate,
          plainRate,
          radius,
          gradientThreshold,
          own.byteOffset,
          pSigns,
          px,
          used,
          work,
        )
        for (const half of [0, 1]) {
          const from = px / 8 + half * even
          point.set(heap.subarray(from, from + width), half * width)
        }
        return { steps: taken, perturbed: heap[used / 8]! }
      })
    } finally {
      staging.end()
    }
  }
