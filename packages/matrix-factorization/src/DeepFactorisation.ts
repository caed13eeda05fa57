import { invalid, Require } from "@nonconvex/numerics"
import type { FiniteSum } from "@nonconvex/problems"
import * as Factorisation from "./Factorisation.ts"
import type { BatchResidual, Measurements } from "./Measurements.ts"

/** `l(W) = (1/n) sum_i (<A_i, W_L ... W_1> - b_i)^2` over the layers in one flat array. */
export interface DeepFactorisation extends FiniteSum {
  readonly measurements: Measurements
  readonly targets: Float64Array
  readonly shape: Factorisation.Shape
  /**
   * The same for the measurements of `indices` (all of them where it is undefined) against the given targets, one a
   * measurement: how noise on the labels gets in. Returns the mean of the squared residuals.
   */
  readonly against: (
    indices: Uint32Array | undefined,
    targets: Float64Array,
    x: Float64Array,
    gradient: Float64Array,
  ) => number
}

interface Options {
  readonly measurements: Measurements
  /** b_i. */
  readonly targets: Float64Array
  /** d_0, d_1, ..., d_L. */
  readonly widths: ReadonlyArray<number>
}

/**
 * The deep matrix factorisation loss; an objective for any method. The gradient is `S_j' E P_(j-1)'` with
 * `E = (2/n) sum_i r_i A_i` (algorithm 2.1, derived here). Throws InvalidInput on shapes that do not fit.
 */
export const deepFactorisation = ({
  measurements,
  targets,
  widths,
}: Options): DeepFactorisation => {
  const shape = Factorisation.shape(widths)
  const { columns, depth, dimension, rows } = shape
  if (rows !== measurements.rows || columns !== measurements.columns) {
    invalid(
      "deepFactorisation",
      "the widths must begin with the columns and end with the rows of the measurements",
      {
        rows: measurements.rows,
        columns: measurements.columns,
        first: columns,
        last: rows,
      },
    )
  }
  Require.vector("deepFactorisation", "targets", targets, measurements.count)
  const { allocate, kernels } = measurements
  // copies in memory that the kernels work in, with fixed views: a step makes no objects
  const point = allocate(dimension)
  const slope = allocate(dimension)
  const layers = Factorisation.layers(shape, point)
  const slopes = Factorisation.layers(shape, slope)
  const prefixes = widths.map((width, j) => (j < 2 ? layers[0]! : allocate(width * columns)))
  // X_j = (W_L ... W_(j+1))' E; that of the first layer is its gradient
  const backs = widths.map((width, j) => (j < 2 ? slopes[0]! : allocate(width * columns)))
  const full = new Float64Array(measurements.count)
  const batches = new Map<
    number,
    {
      readonly evaluate: BatchResidual
      readonly residual: Float64Array
      readonly targets: Float64Array
    }
  >()
  const batchOf = (size: number) => {
    const known = batches.get(size)
    if (known !== undefined) return known
    const made = {
      evaluate: measurements.batch(size),
      residual: allocate(size),
      targets: new Float64Array(size),
    }
    batches.set(size, made)
    return made
  }
  const end = backs[depth]!

  /** E is in `end`, up to the factor: pushes it through the layers. */
  const pull = (factor: number): void => {
    for (let j = depth; j >= 2; j--) {
      const m = widths[j]!
      const n = widths[j - 1]!
      const back = backs[j]!
      const before = backs[j - 1]!
      const scale = j === 2 ? factor : 1
      kernels.gemm(true, false, n, columns, m, scale, layers[j - 1]!, back, 0, before)
      kernels.gemm(false, true, m, n, columns, factor, back, prefixes[j - 1]!, 0, slopes[j - 1]!)
    }
  }

  const against: DeepFactorisation["against"] = (indices, labels, x, gradient) => {
    point.set(x)
    for (let j = 2; j <= depth; j++) {
      kernels.gemm(
        false,
        false,
        widths[j]!,
        columns,
        widths[j - 1]!,
        1,
        layers[j - 1]!,
        prefixes[j - 1]!,
        0,
        prefixes[j]!,
      )
    }
    let residual: Float64Array = full
    if (indices === undefined) measurements.residualAndAdjoint(prefixes[depth]!, labels, full, end)
    else {
      const batch = batchOf(indices.length)
      residual = batch.residual
      batch.evaluate(indices, prefixes[depth]!, labels, residual, end)
    }
    pull(2 / residual.length)
    gradient.set(slope)
    let sum = 0
    for (let i = 0; i < residual.length; i++) sum += residual[i]! * residual[i]!
    return sum / residual.length
  }

  return {
    name: `factorisation in ${depth} layers, ${measurements.name}`,
    dimension,
    constants: {},
    size: measurements.count,
    measurements,
    targets,
    shape,
    against,
    valueAndGradient: (x, gradient) => against(undefined, targets, x, gradient),
    batchValueAndGradient: (indices, x, gradient) => {
      const labels = batchOf(indices.length).targets
      for (let k = 0; k < indices.length; k++) labels[k] = targets[indices[k]!]!
      return against(indices, labels, x, gradient)
    },
  }
}
