/** Predictions of labels -1 and 1, compared with them. */
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Vector from "@nonconvex/numerics/Vector"

export const signAccuracy = (predictions: Float64Array, targets: Float64Array): number => {
  let correct = 0
  for (let i = 0; i < predictions.length; i++) if (predictions[i]! * targets[i]! > 0) correct++
  return correct / predictions.length
}

/** Mean squared error and accuracy; NaN for a run that diverged. */
export const testedOn = (predictions: Float64Array | undefined, targets: Float64Array) =>
  predictions === undefined
    ? { testLoss: Number.NaN, accuracy: Number.NaN }
    : {
        testLoss: Elementary.square(Vector.distance(predictions, targets)) / targets.length,
        accuracy: signAccuracy(predictions, targets),
      }
