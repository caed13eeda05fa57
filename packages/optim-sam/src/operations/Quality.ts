/** Quality of a network's predictions. */
import * as Elementary from "@nonconvex/numerics/Elementary"
import { Schema } from "effect"
import type { Model, Rows } from "./Model.ts"

/**
 * Accuracy, or root mean squared error in the unit of the target with the explained share of its variance. Also the mean loss
 * without class weights.
 */
export const Quality = Schema.Union([
  Schema.TaggedStruct("Accuracy", {
    accuracy: Schema.Number,
    /** Accuracy of guessing the most frequent class. */
    baseline: Schema.Number,
    /** Mean over the occurring classes of the fraction of correct rows. */
    balanced: Schema.Number,
    /** Cross entropy, in nats. */
    loss: Schema.Number,
  }),
  Schema.TaggedStruct("Error", {
    rootMeanSquare: Schema.Number,
    explained: Schema.optionalKey(Schema.Number),
    /** Half the mean squared error of the target scaled to deviation 1 on the training rows. */
    loss: Schema.Number,
  }),
])
export type Quality = typeof Quality.Type

const ofClasses = (outputs: Float64Array, labels: Int32Array, classes: number): Quality => {
  const [counts, right] = [new Float64Array(classes), new Float64Array(classes)]
  let loss = 0
  for (let i = 0, at = 0; i < labels.length; i++, at += classes) {
    const label = labels[i]!
    let best = 0
    for (let j = 1; j < classes; j++) if (outputs[at + j]! > outputs[at + best]!) best = j
    let sum = 0
    for (let j = at; j < at + classes; j++) sum += Elementary.exp(outputs[j]! - outputs[at + best]!)
    loss += Elementary.log(sum) + outputs[at + best]! - outputs[at + label]!
    counts[label]!++
    if (best === label) right[label]!++
  }
  const total = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0)
  const shares = right.map((count, c) => (counts[c] === 0 ? 0 : count / counts[c]!))
  return {
    _tag: "Accuracy",
    accuracy: total(right) / labels.length,
    baseline: counts.reduce((most, count) => Math.max(most, count), 0) / labels.length,
    balanced: total(shares) / counts.filter((count) => count > 0).length,
    loss: loss / labels.length,
  }
}

const ofValues = (
  outputs: Float64Array,
  values: Float64Array,
  { scale, shift }: NonNullable<Model["targetScale"]>,
): Quality => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  let squares = 0
  let spread = 0
  for (let i = 0; i < values.length; i++) {
    squares += Elementary.square(outputs[i]! * scale + shift - values[i]!)
    spread += Elementary.square(values[i]! - mean)
  }
  return {
    _tag: "Error",
    rootMeanSquare: Math.sqrt(squares / values.length),
    // the mean of equal numbers may differ from them by rounding
    ...(values.every((value) => value === values[0]) ? {} : { explained: 1 - squares / spread }),
    loss: squares / (2 * scale * scale * values.length),
  }
}

/** Outputs for two classes whose cross entropy equals the logistic loss of a logit of the second class. */
const logitsOf = (logits: Float64Array): Float64Array =>
  Float64Array.from({ length: 2 * logits.length }, (_, k) =>
    k % 2 === 0 ? 0 : logits[(k - 1) / 2]!,
  )

/** The quality at `point` on rows that are scaled as the training rows were. */
export const measure = (
  {
    architecture,
    classes = 1,
    predict,
    targetScale,
  }: Pick<Model, "architecture" | "classes" | "predict" | "targetScale">,
  point: Float64Array,
  { features, target }: Rows,
): Quality => {
  const values = target._tag === "Values" ? target.values : target.labels
  const outputs = new Float64Array(values.length * architecture.outputs)
  predict(point, features, outputs)
  if (target._tag === "Values") return ofValues(outputs, target.values, targetScale!)
  const isLogit = architecture.outputs === 1
  return ofClasses(isLogit ? logitsOf(outputs) : outputs, target.labels, classes)
}

/** Loss of the best constant prediction, with class weights: the baseline of a training. */
export const constantLoss = ({ target }: Rows, weights: ReadonlyArray<number> = []): number => {
  if (target._tag === "Values") return 0.5
  const shares = new Map<number, number>()
  let total = 0
  for (const label of target.labels) {
    const weight = weights[label] ?? 1
    shares.set(label, (shares.get(label) ?? 0) + weight)
    total += weight
  }
  return [...shares.values()].reduce(
    (sum, share) => sum - (share / total) * Elementary.log(share / total),
    0,
  )
}
