/** Affine maps of features. */
import type { Dataset, Target } from "../Dataset.ts"
import type { TrainTest } from "../Split.ts"

/** Feature `j` becomes `(x - shift[j]) / scale[j]`; both have the length of the dimension. */
export interface Transform {
  readonly shift: Float64Array
  readonly scale: Float64Array
}

/** Transformed training and test data with the learned map, for later data. */
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
