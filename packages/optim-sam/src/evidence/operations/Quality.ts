/** How well a network predicts. */
import { Schema } from "effect"
import type { Model, Rows } from "./Model.ts"

/**
 * The share of right classes, or the root mean squared error in the unit of the target and the share of its variance that is explained,
 * where it has any.
 */
export const Quality = Schema.Union([
  Schema.TaggedStruct("Accuracy", {
    accuracy: Schema.Number,
    /** What guessing the most frequent class gets. */
    baseline: Schema.Number,
  }),
  Schema.TaggedStruct("Error", {
    rootMeanSquare: Schema.Number,
    explained: Schema.optionalKey(Schema.Number),
  }),
])
export type Quality = typeof Quality.Type

const mostFrequent = (labels: Int32Array, classes: number): number => {
  const counts = new Int32Array(classes)
  for (const label of labels) counts[label]!++
  return Math.max(...counts) / labels.length
}

const ofValues = (
  { network, targetScale }: Model,
  point: Float64Array,
  features: Float64Array,
  values: Float64Array,
): Quality => {
  const { scale, shift } = targetScale!
  const outputs = new Float64Array(values.length)
  network.predict(point, features, outputs)
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  let squares = 0
  let spread = 0
  for (let i = 0; i < values.length; i++) {
    squares += (outputs[i]! * scale + shift - values[i]!) ** 2
    spread += (values[i]! - mean) ** 2
  }
  return {
    _tag: "Error",
    rootMeanSquare: Math.sqrt(squares / values.length),
    // the mean of equal numbers may differ from them by rounding
    ...(values.every((value) => value === values[0]) ? {} : { explained: 1 - squares / spread }),
  }
}

/** The quality at `point` on rows that are scaled as the training rows were. */
export const measure = (model: Model, point: Float64Array, { features, target }: Rows): Quality =>
  target._tag === "Values"
    ? ofValues(model, point, features, target.values)
    : {
        _tag: "Accuracy",
        accuracy: model.network.accuracy(point, features, target.labels),
        baseline: mostFrequent(target.labels, model.classes!),
      }
