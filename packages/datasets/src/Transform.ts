/**
 * Affine maps of single features, `x -> (x - shift) / scale`, learned from training data only.
 *
 * A map is learned from `train` and applied to `train` and `test` alike: what the test set looks
 * like never leaks into it.
 */
import type { Dataset, Target } from "./Dataset.ts"
import type { TrainTest } from "./Split.ts"

/** Feature `j` becomes `(x - shift[j]) / scale[j]`; both have the length of the dimension. */
export interface Transform {
  readonly shift: Float64Array
  readonly scale: Float64Array
}

/** Transformed training and test data with the map that made them, for data that comes later. */
export interface Transformed<T extends Target> extends TrainTest<T> {
  readonly transform: Transform
}

/** The data set with every feature mapped; a copy, targets shared. */
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
 * Mean 0 and standard deviation 1 for every feature of the training set.
 *
 * The deviation is the population's (divided by n, as scikit-learn's `StandardScaler`). A feature
 * that is constant on the training set is only centred: there is no scale to learn. Finite as long
 * as the sum of a column is.
 */
export const standardise = <T extends Target>(data: TrainTest<T>): Transformed<T> => {
  const { dimension } = data.train
  const shift = new Float64Array(dimension)
  const scale = new Float64Array(dimension).fill(1)
  for (let j = 0; j < dimension; j++) {
    const { low, high } = columnRange(data.train, j)
    // A rounded mean of equal numbers can differ from them; dividing by the rest would blow up noise.
    if (low === high) {
      shift[j] = low
      continue
    }
    shift[j] = columnMean(data.train, j)
    scale[j] = columnDeviation(data.train, j, shift[j]!)
  }
  return applyToBoth({ shift, scale }, data)
}

/**
 * Maps `[low, high]` to `[0, 1]`: one range for all features when it is given (`[0, 255]` for
 * pixels), else each feature's own range on the training set.
 *
 * Test data outside of the range leave `[0, 1]`; nothing is clipped. A feature that is constant on
 * the training set is only shifted to 0.
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
      range === undefined ? columnRange(data.train, j) : { low: range[0], high: range[1] }
    shift[j] = low
    scale[j] = low === high ? 1 : high - low
  }
  return applyToBoth({ shift, scale }, data)
}

const columnRange = ({ features, dimension }: Dataset, j: number) => {
  let low = Number.POSITIVE_INFINITY
  let high = Number.NEGATIVE_INFINITY
  for (let k = j; k < features.length; k += dimension) {
    low = Math.min(low, features[k]!)
    high = Math.max(high, features[k]!)
  }
  return { low, high }
}

const columnMean = ({ features, samples, dimension }: Dataset, j: number): number => {
  let sum = 0
  for (let k = j; k < features.length; k += dimension) sum += features[k]!
  return sum / samples
}

const columnDeviation = (dataset: Dataset, j: number, mean: number): number => {
  const { features, samples, dimension } = dataset
  let largest = 0
  for (let k = j; k < features.length; k += dimension) {
    largest = Math.max(largest, Math.abs(features[k]! - mean))
  }
  // Dividing by the largest deviation keeps the squares from underflow and overflow.
  let sum = 0
  for (let k = j; k < features.length; k += dimension) {
    sum += ((features[k]! - mean) / largest) ** 2
  }
  return largest * Math.sqrt(sum / samples)
}
