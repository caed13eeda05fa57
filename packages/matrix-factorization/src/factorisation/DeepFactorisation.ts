import * as Require from "@nonconvex/numerics/Require"
import { invalid } from "@nonconvex/numerics/InvalidInput"
import type { FiniteSum } from "@nonconvex/problems/Objective"
import * as Factorisation from "./Factorisation.ts"
import type { Measurements } from "../measurements/Measurements.ts"
import { slack, withRoom } from "../internal/Room.ts"

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
  const { allocate } = measurements
  const integers = Int32Array.from(widths)
  // P_j = W_j ... W_1 and X_j = (W_L ... W_(j+1))' E from j = 2 on; in the end of the latter is E itself
  const products = allocate(columns * widths.slice(2).reduce((sum, width) => sum + width, 0))
  const backs = allocate(products.length)
  // hidden layers may be wider than all measurements
  const kernels = withRoom(measurements.kernels, 16 * (dimension + products.length) + slack)
  const product = products.subarray(products.length - rows * columns)
  const end = backs.subarray(backs.length - rows * columns)
  const all = allocate(measurements.count)
  const batches = new Map<number, { residual: Float64Array; labels: Float64Array }>()
  const batchOf = (size: number) => {
    const known = batches.get(size)
    if (known !== undefined) return known
    const made = { residual: allocate(size), labels: allocate(size) }
    batches.set(size, made)
    return made
  }

  const against: DeepFactorisation["against"] = (indices, labels, x, gradient) => {
    const residual = indices === undefined ? all : batchOf(indices.length).residual
    kernels.chain(integers, x, products)
    const scale = 2 / residual.length
    measurements.residualAndAdjoint(indices, product, labels, scale, residual, end)
    kernels.chainGradient(integers, x, products, backs, gradient)
    return kernels.dot(residual, residual) / residual.length
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
      const { labels } = batchOf(indices.length)
      for (let k = 0; k < indices.length; k++) labels[k] = targets[indices[k]!]!
      return against(indices, labels, x, gradient)
    },
  }
}
