/** Error of a trained network on each of some rows. */
import type * as Dataset from "@nonconvex/datasets/Dataset"
import * as Standardisation from "@nonconvex/numerics/Standardisation"
import * as Elementary from "@nonconvex/numerics/Elementary"
import type { trainImages } from "@nonconvex/optim-sam/images"
import { predict, system, type Trained } from "@nonconvex/optim-sam/operations"
import { operate } from "@nonconvex/runner/Operations"
import { Effect } from "effect"
import type { Settings } from "./Settings.ts"

/** Result of a training; that on images has the blocks for predictions. */
export interface Found extends Trained {
  readonly blocks?: typeof trainImages.output.Type.blocks
}

/** Outputs of a trained network for the rows of a data set, row-major. */
export const outputsOf = (
  { activation, blocks, point: parameters, widths }: Found,
  shape: Settings["shape"],
  { features }: Dataset.Dataset,
) =>
  operate(
    system,
    predict,
    "blocks" in shape
      ? { input: shape.input, blocks: blocks ?? shape.blocks, parameters, features }
      : { widths: widths!, activation: activation!, parameters, features },
  )

/** Class of each row with the largest output; of a single output, which is a logit, class 1 where it is above 0. */
export const classesOf = (outputs: Float64Array, rows: number): ReadonlyArray<number> => {
  const width = outputs.length / rows
  return Array.from({ length: rows }, (_, i) => {
    if (width === 1) return outputs[i]! > 0 ? 1 : 0
    const row = outputs.subarray(i * width, (i + 1) * width)
    return row.reduce((best, value, c) => (value > row[best]! ? c : best), 0)
  })
}

/**
 * The error of each row: 1 for a wrong class, times the weight of the row's class, and 0 for the right one. For values the
 * squared error, divided by the variance of `spread`.
 */
export const rowErrors = Effect.fnUntraced(function* (
  trained: Found,
  shape: Settings["shape"],
  rows: Dataset.Dataset,
  {
    classWeights,
    spread,
  }: { readonly classWeights: ReadonlyArray<number> | undefined; readonly spread: Dataset.Target },
) {
  const outputs = yield* outputsOf(trained, shape, rows)
  const { samples, target } = rows
  if (target._tag === "Classification") {
    const found = classesOf(outputs, samples)
    return found.map((label, i) => {
      const right = target.labels[i]!
      return label === right ? 0 : (classWeights?.[right] ?? 1)
    })
  }
  const unit = spread._tag === "Regression" ? Standardisation.of(spread.values).scale : 1
  const { scale, shift } = trained.targetScale!
  return Array.from(outputs, (output, i) =>
    Elementary.square((shift + scale * output - target.values[i]!) / unit),
  )
})
