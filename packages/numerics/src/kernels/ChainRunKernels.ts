/** Whole runs of gradient descent on the squared loss of a product of matrices, too large for lanes. */
import { invalid } from "../InvalidInput.ts"
import * as Require from "../Require.ts"
import * as Check from "./Check.ts"
import type { Engine } from "./Engine.ts"
import * as Twin from "./reference/ChainRun.ts"

/** The loss of a batch, `(1/B) sum_k (<A_i, W_L ... W_1> - label_k)^2` with i the k-th of its rows, and its descent. */
export interface ChainRun {
  /** d_0, d_1, ..., d_L of two layers or more: W_j is d_j x d_(j-1). */
  readonly widths: Int32Array
  /** A_1, ..., A_n one after the other, each d_L x d_0. */
  readonly matrices: Float64Array
  readonly batch: number
  /** The batches of all steps, one after the other; undefined where every batch is all rows in their order. */
  readonly rows: Uint32Array | undefined
  /** Those of all steps, or of every step. */
  readonly labels: Float64Array
  readonly rate: number
  /** Steps must be shorter. */
  readonly longest: number
}

export interface ChainRunKernels {
  /**
   * Takes up to `steps` steps `W <- W - rate gradient` of the point (W_1, ..., W_L), in place, and returns how many: it stops before one whose loss is not finite, or which
   * is too long. The bits are those of `chain`, `residualGradient`, `chainGradient` and `axpy` of the same build. Throws InvalidInput on wrong lengths and on rows that
   * there are not, ArenaFull where copies do not fit.
   */
  readonly descendChain: (run: ChainRun, steps: number, point: Float64Array) => number
}

export const chainRunKernels = (engine: Engine): ChainRunKernels => ({
  descendChain: descendChain(engine),
})

const operation = "Kernels.descendChain"

/** Checks lengths, and counts the numbers of the products from the second on. */
const shapeOf = (run: ChainRun, steps: number, point: Float64Array) => {
  const { batch, labels, matrices, rate, rows, widths } = run
  if (widths.length < 3)
    invalid(operation, "widths must be three or more numbers", { widths: widths.length })
  let [dimension, later] = [0, 0]
  for (let j = 0; j < widths.length; j++) {
    Require.count(operation, `widths[${j}]`, widths[j]!)
    if (j > 0) dimension += widths[j]! * widths[j - 1]!
    if (j > 1) later += widths[j]! * widths[0]!
  }
  const size = widths[0]! * widths[widths.length - 1]!
  const count = matrices.length / size
  Check.dimensions(operation, steps)
  Require.count(operation, "matrices.length / size", count)
  Require.count(operation, "batch", batch)
  Require.finite(operation, "rate", rate)
  Check.length(operation, "point", point, dimension)
  Check.apart(operation, "point and matrices", point, matrices)
  if (labels.length !== batch) Check.length(operation, "labels", labels, steps * batch)
  if (rows === undefined) {
    if (batch !== count)
      invalid(operation, "without rows a batch must be all measurements", {
        batch,
        measurements: count,
      })
  } else {
    Check.length(operation, "rows", rows, steps * batch)
    Check.indices(operation, rows, count, "measurements")
  }
  return { dimension, later, size }
}

const descendChain =
  ({ exports: wasm, staging }: Engine): ChainRunKernels["descendChain"] =>
  (run, steps, point) => {
    const { dimension, later, size } = shapeOf(run, steps, point)
    const { batch, labels, longest, matrices, rate, rows, widths } = run
    if (wasm === undefined) return Twin.descend(run, later, steps, point)
    try {
      const at = staging.output(point, true)
      const taken = wasm.descendChain(
        steps,
        widths.length - 1,
        staging.integers(widths),
        dimension,
        later,
        size,
        staging.input(matrices),
        batch,
        rows === undefined ? 0 : staging.integers(rows),
        rows === undefined ? 0 : 4 * batch,
        staging.input(labels),
        labels.length > batch ? 8 * batch : 0,
        rate,
        longest,
        at,
        staging.temporary(8 * (2 * later + dimension + batch)),
      )
      staging.back(point, at)
      return taken
    } finally {
      staging.end()
    }
  }
