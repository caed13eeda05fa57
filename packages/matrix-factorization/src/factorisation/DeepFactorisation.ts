import * as Kernels from "@nonconvex/numerics/Kernels"
import * as Require from "@nonconvex/numerics/Require"
import { invalid } from "@nonconvex/numerics/InvalidInput"
import type { FiniteSum } from "@nonconvex/problems/Objective"
import { compiledSteps } from "../internal/CompiledSteps.ts"
import * as Factorisation from "./Factorisation.ts"
import type { Measurements } from "../measurements/Measurements.ts"

/** The mean square loss `l(W) = (1/n) sum_i (<A_i, W_L ... W_1> - b_i)^2` over the layers in one flat array, W_1 first. */
export interface DeepFactorisation extends FiniteSum {
  readonly measurements: Measurements
  /** b_1, ..., b_n. */
  readonly targets: Float64Array
  readonly shape: Factorisation.Shape
  /**
   * Loss of some measurements against other targets, such as noisy labels. Entry k of `targets` belongs to measurement
   * `indices[k]`, or to measurement k if `indices` is undefined, for all measurements. Writes the gradient at `x` into
   * `gradient` and returns the mean of the squared residuals.
   */
  readonly against: (
    indices: Uint32Array | undefined,
    targets: Float64Array,
    x: Float64Array,
    gradient: Float64Array,
  ) => number
}

interface Options {
  /** A_1, ..., A_n, each rows x columns. */
  readonly measurements: Measurements
  /** b_1, ..., b_n; kept by reference. */
  readonly targets: Float64Array
  /** d_0, d_1, ..., d_L: the columns of the measurements, the hidden widths, the rows of the measurements. */
  readonly widths: ReadonlyArray<number>
}

/**
 * The mean square loss of a deep matrix factorisation (setting of the paper, as recalled): an objective for any method.
 *
 * Its gradient in layer j is `S_j' E P_(j-1)'`. `P_(j-1) = W_(j-1) ... W_1` are the layers below, and `S_j = W_L ... W_(j+1)`
 * those above. `E = (2/n) sum_i r_i A_i` is the gradient in the product, with the residuals `r_i = <A_i, W_L ... W_1> - b_i`
 * (derived here; claim matrix-factorization/gradient).
 *
 * Throws InvalidInput on fewer than two layers, on widths that do not fit the measurements, and on targets of another number or not
 * finite.
 *
 * @example
 * ```ts import.meta.vitest
 * import { completion, deepFactorisation } from "@nonconvex/matrix-factorization"
 *
 * const measurements = completion({ rows: 1, columns: 2, entries: [[0, 0]] })
 * const objective = deepFactorisation({ measurements, targets: Float64Array.of(6), widths: [2, 1, 1] })
 * const gradient = new Float64Array(3)
 * // W_1 = (1, 1), W_2 = (2): the product (2, 2) misses 6 by -4
 * objective.valueAndGradient(Float64Array.of(1, 1, 2), gradient) // => 16
 * Array.from(gradient) // => [-16, 0, -8]
 * ```
 */
export const deepFactorisation = ({
  measurements,
  targets,
  widths,
}: Options): DeepFactorisation => {
  Require.object("deepFactorisation", "measurements", measurements, "apply")
  Require.object("deepFactorisation", "widths", widths)
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
  // P_2, ..., P_L, and S_2' E, ..., S_L' E = E, one after the other
  const products = allocate(columns * widths.slice(2).reduce((sum, width) => sum + width, 0))
  const backs = allocate(products.length)
  // hidden layers may be wider than all measurements
  const kernels = Kernels.withRoom(measurements.kernels, 16 * (dimension + products.length))
  const product = products.subarray(products.length - rows * columns)
  const end = backs.subarray(backs.length - rows * columns)
  const fullResidual = allocate(measurements.count)
  const batches = new Map<number, { residual: Float64Array; labels: Float64Array }>()
  const batchOf = (size: number) => {
    const known = batches.get(size)
    if (known !== undefined) return known
    const made = { residual: allocate(size), labels: allocate(size) }
    batches.set(size, made)
    return made
  }

  const against: DeepFactorisation["against"] = (indices, labels, x, gradient) => {
    const residual = indices === undefined ? fullResidual : batchOf(indices.length).residual
    kernels.chain(integers, x, products)
    const scale = 2 / residual.length
    measurements.residualAndAdjoint(indices, product, labels, scale, residual, end)
    kernels.chainGradient(integers, x, products, backs, gradient)
    return kernels.dot(residual, residual) / residual.length
  }

  const objective: DeepFactorisation = {
    name: `factorisation in ${depth} layers, ${measurements.name}`,
    dimension,
    constants: {},
    size: measurements.count,
    measurements,
    targets,
    shape,
    against,
    valueAndGradient: (x, gradient) => against(undefined, targets, x, gradient),
    descend: (points, { ascent, rate }, steps) => {
      if (points.length === 0 || ascent !== "none") return 0
      const whole = { rate, batch: measurements.count, rows: undefined, labels: targets }
      return compiledSteps(objective, whole, steps, points)
    },
    batchValueAndGradient: (indices, x, gradient) => {
      const { labels } = batchOf(indices.length)
      for (let k = 0; k < indices.length; k++) labels[k] = targets[indices[k]!]!
      return against(indices, labels, x, gradient)
    },
  }
  return objective
}
