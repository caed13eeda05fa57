/**
 * Affine maps of single features, `x -> (x - shift) / scale`, learned from training data only.
 *
 * A map is learned from `train` and applied to `train` and `test`, so the test set never leaks into it.
 */
import * as Standardisation from "@nonconvex/numerics/Standardisation"
import type { Target } from "./Dataset.ts"
import type { TrainTest } from "./Split.ts"
import { apply, type Transform, type Transformed } from "./internal/Affine.ts"

const applyToBoth = <T extends Target>(
  transform: Transform,
  { train, test }: TrainTest<T>,
): Transformed<T> => ({ train: apply(transform, train), test: apply(transform, test), transform })

/**
 * Mean 0 and standard deviation 1 for every feature of the training set.
 *
 * The standard deviation is that of the population (divided by n, as in scikit-learn's `StandardScaler`). A feature that is
 * constant on the training set is only centred. Finite as long as the sum of a column is.
 *
 * @example
 * ```ts import.meta.vitest
 * import type * as Dataset from "@nonconvex/datasets/Dataset"
 * import * as Transform from "@nonconvex/datasets/Transform"
 *
 * const of = (...features: ReadonlyArray<number>): Dataset.Dataset => ({
 *   name: "line", samples: features.length, dimension: 1, featureNames: ["x"],
 *   features: Float64Array.from(features),
 *   target: { _tag: "Regression", values: new Float64Array(features.length) },
 *   provenance: { source: "made up", licence: "CC0-1.0", notice: "" },
 * })
 * const { test, train } = Transform.standardise({ train: of(1, 3), test: of(5) })
 * train.features // => Float64Array.of(-1, 1)
 * test.features // => Float64Array.of(3)
 * ```
 */
export const standardise = <T extends Target>(data: TrainTest<T>): Transformed<T> => {
  const { dimension } = data.train
  const shift = new Float64Array(dimension)
  const scale = new Float64Array(dimension)
  for (let j = 0; j < dimension; j++) {
    const column = Standardisation.of(data.train.features, j, dimension)
    shift[j] = column.shift
    scale[j] = column.scale
  }
  return applyToBoth({ shift, scale }, data)
}

/**
 * Maps `[low, high]` to `[0, 1]`: a given range for all features (`[0, 255]` for pixels), otherwise the range of each
 * feature on the training set.
 *
 * Test data outside of the range lie outside of `[0, 1]`; nothing is clipped. A feature that is constant on the training set
 * is only shifted to 0.
 */
export const scale01 = <T extends Target>(
  data: TrainTest<T>,
  range?: readonly [low: number, high: number],
): Transformed<T> => {
  const { dimension } = data.train
  const shift = new Float64Array(dimension)
  const scale = new Float64Array(dimension)
  for (let j = 0; j < dimension; j++) {
    const { low, high } =
      range === undefined
        ? Standardisation.range(data.train.features, j, dimension)
        : { low: range[0], high: range[1] }
    shift[j] = low
    scale[j] = low === high ? 1 : high - low
  }
  return applyToBoth({ shift, scale }, data)
}
