import { Effect } from "effect"
import { type Dataset, sha256 } from "../Dataset.ts"

/**
 * Digest of a data set, independent of its name: hexadecimal SHA-256 over everything that a computation reads. Features and
 * targets count as the bytes of float64 and int32, low bytes first, with the names of the features and of the classes.
 */
export const of = Effect.fn("Digest.of")(function* (dataset: Dataset): Effect.fn.Return<string> {
  const { dimension, featureNames, features, samples, target } = dataset
  const [names, numbers] =
    target._tag === "Classification"
      ? [target.classes, target.labels]
      : [target._tag, target.values]
  return yield* sha256(
    JSON.stringify([
      samples,
      dimension,
      featureNames,
      names,
      yield* sha256(features),
      yield* sha256(numbers),
    ]),
  )
})
