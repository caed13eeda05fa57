/** Classes or values of rows, from the outputs of a network. */
import * as Elementary from "@nonconvex/numerics/Elementary"
import type { SavedNetwork } from "../../networks/SavedNetwork.ts"

/** One per row; several values of a row are an array. */
export type Prediction = string | number | ReadonlyArray<number>

export interface Answers {
  /** Names of the classes; none for values. */
  readonly classes: ReadonlyArray<string>
  readonly predictions: ReadonlyArray<Prediction>
  /** For classes: one row per row of the data. */
  readonly probabilities: ReadonlyArray<ReadonlyArray<number>> | undefined
}

const softmax = (logits: Float64Array): ReadonlyArray<number> => {
  const largest = logits.reduce((most, value) => Math.max(most, value))
  const powers = logits.map((value) => Elementary.exp(value - largest))
  const sum = powers.reduce((total, power) => total + power, 0)
  return Array.from(powers, (power) => power / sum)
}

/** The likeliest class of each row, by logits. */
export const ofClasses = (classes: ReadonlyArray<string>, outputs: Float64Array): Answers => {
  const probabilities = Array.from({ length: outputs.length / classes.length }, (_, i) =>
    softmax(outputs.subarray(i * classes.length, (i + 1) * classes.length)),
  )
  const likeliest = (row: ReadonlyArray<number>) =>
    row.reduce((best, value, c) => (value > row[best]! ? c : best), 0)
  return {
    classes,
    probabilities,
    predictions: probabilities.map((row) => classes[likeliest(row)]!),
  }
}

/** The classes, or the values in the unit of the target, of a network that `train` saved. */
export const ofSaved = ({ target }: SavedNetwork, outputs: Float64Array): Answers =>
  target._tag === "Classification"
    ? ofClasses(target.classes, outputs)
    : {
        classes: [],
        predictions: Array.from(outputs, (output) => target.shift + target.scale * output),
        probabilities: undefined,
      }
