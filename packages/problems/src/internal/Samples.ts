/** Feature vectors of samples, and the checks of their sizes and labels. */
import * as Require from "@nonconvex/numerics/Require"
import { invalid } from "@nonconvex/numerics/InvalidInput"

/** Feature vectors of samples, row-major: feature j of sample i is `features[i * dimension + j]`. */
export interface Samples {
  readonly features: Float64Array
  readonly dimension: number
}

/**
 * The number of samples. Throws InvalidInput on none, on ragged data and on features that are not finite.
 *
 * @internal
 */
export const requireSamples = (operation: string, { dimension, features }: Samples): number => {
  Require.count(operation, "dimension", dimension)
  Require.typed(operation, "features", features)
  const size = features.length / dimension
  Require.count(operation, "features.length / dimension", size)
  Require.allFinite(operation, "features", features)
  return size
}

/**
 * Labels as class indices. Throws InvalidInput unless there are `size` labels, all integers from 0 to `classes - 1`.
 *
 * @internal
 */
export const requireClasses = (
  operation: string,
  labels: ArrayLike<number>,
  size: number,
  classes: number,
): Int32Array => {
  Require.object(operation, "labels", labels)
  Require.length(operation, "labels", labels.length, size)
  for (let i = 0; i < size; i++) {
    const label = labels[i]!
    if (!Number.isInteger(label) || label < 0 || label >= classes) {
      invalid(operation, `every label must be an integer from 0 to ${classes - 1}`, {
        index: i,
        label,
      })
    }
  }
  return Int32Array.from(labels)
}

/** Throws InvalidInput unless a network computes each sample of a batch independently of the others. */
export const requireSeparable = (
  operation: string,
  { normalisations }: { readonly normalisations: ReadonlyArray<unknown> },
): void => {
  if (normalisations.length === 0) return
  invalid(
    operation,
    "batch normalisation couples the samples of a batch, so single samples have no loss or gradient: use batchNormalised",
    { normalisations: normalisations.length },
  )
}
