/**
 * Real data in the setting of the theory: rows on the unit sphere, targets of mean 0 and standard deviation 1, and the test
 * error.
 */
import type * as Dataset from "@nonconvex/datasets/Dataset"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import type * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"

/** Values of a data set, or +1 and -1 for odd and even classes. */
export const targetsOf = ({ target }: Dataset.Dataset): Float64Array =>
  target._tag === "Regression"
    ? target.values
    : Float64Array.from(target.labels, (label) => (label % 2 === 0 ? -1 : 1))

/** Every row projected onto the unit sphere. */
export const projected = ({ dimension: d, features, samples }: Dataset.Dataset): Float64Array => {
  const out = Float64Array.from(features)
  for (let i = 0; i < samples; i++) Vector.normalise(out.subarray(i * d, (i + 1) * d))
  return out
}

/** Targets of the training and test parts. */
interface Targets {
  readonly train: Float64Array
  readonly test: Float64Array
}

/** Targets of mean 0 and standard deviation 1 on the training part. */
export const standardised = ({ test, train }: Targets): Targets => {
  const mean = train.reduce((sum, y) => sum + y, 0) / train.length
  const variance = train.reduce((sum, y) => sum + Elementary.square(y - mean), 0) / train.length
  const scaled = (y: number) => (y - mean) / Math.sqrt(variance)
  return { train: train.map(scaled), test: test.map(scaled) }
}

/** Rows of `features`, n x d, drawn without replacement, and their original indices. */
export const drawn = (features: Float64Array, d: number, rows: number, seed: Seed.Seed) => {
  const chosen = RandomStream.make(seed)
    .permutation(features.length / d)
    .subarray(0, rows)
  const picked = new Float64Array(rows * d)
  chosen.forEach((row, i) => picked.set(features.subarray(row * d, (row + 1) * d), i * d))
  return { chosen, picked }
}

export const meanSquaredError = (predicted: Float64Array, wanted: Float64Array): number =>
  Elementary.square(Vector.distance(predicted, wanted)) / wanted.length
