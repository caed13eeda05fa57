/**
 * Affine maps of single features, `x -> (x - shift) / scale`, learned from training data only.
 *
 * A map is learned from `train` and applied to `train` and `test` alike: what the test set looks
 * like never leaks into it.
 */
import * as Elementary from "@nonconvex/numerics/Elementary"
import type { Dataset, Target } from "./Dataset.ts"
import type { TrainTest } from "./Split.ts"

/** One feature becomes `(x - shift) / scale`. */
export interface Scaling {
  readonly shift: number
  readonly scale: number
}

/** Feature `j` becomes `(x - shift[j]) / scale[j]`; both have the length of the dimension. */
export interface Transform {
  readonly shift: Float64Array
  readonly scale: Float64Array
}

/** Transformed training and test data with the map that made them, for data that comes later. */
export interface Transformed<T extends Target> extends TrainTest<T> {
  readonly transform: Transform
}

/**
 * The data set with every feature mapped; a copy, targets shared.
 *
 * @example
 * ```ts import.meta.vitest
 * import { type Dataset, Transform } from "@nonconvex/datasets"
 *
 * const of = (...features: ReadonlyArray<number>): Dataset.Dataset => ({
 *   name: "line", samples: features.length, dimension: 1, featureNames: ["x"],
 *   features: Float64Array.from(features),
 *   target: { _tag: "Regression", values: new Float64Array(features.length) },
 *   provenance: { source: "made up", licence: "CC0-1.0", notice: "" },
 * })
 * const halved = Transform.apply({ shift: Float64Array.of(1), scale: Float64Array.of(2) }, of(1, 5))
 * halved.features // => Float64Array.of(0, 2)
 * ```
 */
export const apply = <T extends Target>(transform: Transform, dataset: Dataset<T>): Dataset<T> => {
  const { shift, scale } = transform
  const { samples, dimension } = dataset
  const features = new Float64Array(dataset.features.length)
  for (let i = 0, k = 0; i < samples; i++) {
    for (let j = 0; j < dimension; j++, k++) {
      features[k] = (dataset.features[k]! - shift[j]!) / scale[j]!
    }
  }
  return { ...dataset, features }
}

const applyToBoth = <T extends Target>(
  transform: Transform,
  { train, test }: TrainTest<T>,
): Transformed<T> => ({ train: apply(transform, train), test: apply(transform, test), transform })

/**
 * The map of every `stride`-th value from the one at `first` on to mean 0 and standard deviation 1; of equal values only to 0.
 *
 * The deviation is the population's. Finite as long as the sum is.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Transform } from "@nonconvex/datasets"
 *
 * Transform.standard(Float64Array.of(1, 3)) // => { shift: 2, scale: 1 }
 * Transform.standard(Float64Array.of(5, 5)) // => { shift: 5, scale: 1 }
 * ```
 */
export const standard = (values: Float64Array, first = 0, stride = 1): Scaling => {
  const { low, high } = rangeOf(values, first, stride)
  // A rounded mean of equal numbers can differ from them; dividing by the rest would blow up noise.
  if (low === high) return { shift: low, scale: 1 }
  const count = Math.ceil((values.length - first) / stride)
  let sum = 0
  for (let k = first; k < values.length; k += stride) sum += values[k]!
  const mean = sum / count
  // Dividing by the largest deviation keeps the squares from underflow and overflow.
  const largest = Math.max(mean - low, high - mean)
  let squares = 0
  for (let k = first; k < values.length; k += stride) {
    squares += Elementary.square((values[k]! - mean) / largest)
  }
  return { shift: mean, scale: largest * Math.sqrt(squares / count) }
}

/**
 * Mean 0 and standard deviation 1 for every feature of the training set.
 *
 * The deviation is the population's (divided by n, as scikit-learn's `StandardScaler`). A feature
 * that is constant on the training set is only centred: there is no scale to learn. Finite as long
 * as the sum of a column is.
 *
 * @example
 * ```ts import.meta.vitest
 * import { type Dataset, Transform } from "@nonconvex/datasets"
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
    const column = standard(data.train.features, j, dimension)
    shift[j] = column.shift
    scale[j] = column.scale
  }
  return applyToBoth({ shift, scale }, data)
}

/**
 * Maps `[low, high]` to `[0, 1]`: one range for all features when it is given (`[0, 255]` for
 * pixels), else each feature's own range on the training set.
 *
 * Test data outside of the range leave `[0, 1]`; nothing is clipped. A feature that is constant on
 * the training set is only shifted to 0.
 *
 * @example
 * ```ts import.meta.vitest
 * import { type Dataset, Transform } from "@nonconvex/datasets"
 *
 * const of = (...features: ReadonlyArray<number>): Dataset.Dataset => ({
 *   name: "line", samples: features.length, dimension: 1, featureNames: ["x"],
 *   features: Float64Array.from(features),
 *   target: { _tag: "Regression", values: new Float64Array(features.length) },
 *   provenance: { source: "made up", licence: "CC0-1.0", notice: "" },
 * })
 * const { test, train } = Transform.scale01({ train: of(2, 4), test: of(5) })
 * train.features // => Float64Array.of(0, 1)
 * test.features // => Float64Array.of(1.5)
 * ```
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
        ? rangeOf(data.train.features, j, dimension)
        : { low: range[0], high: range[1] }
    shift[j] = low
    scale[j] = low === high ? 1 : high - low
  }
  return applyToBoth({ shift, scale }, data)
}

const rangeOf = (values: Float64Array, first: number, stride: number) => {
  let low = Number.POSITIVE_INFINITY
  let high = Number.NEGATIVE_INFINITY
  for (let k = first; k < values.length; k += stride) {
    low = Math.min(low, values[k]!)
    high = Math.max(high, values[k]!)
  }
  return { low, high }
}
