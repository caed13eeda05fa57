/** How often the sign of a prediction is that of the target. */
export const signAccuracy = (predictions: Float64Array, targets: Float64Array): number => {
  let correct = 0
  for (let i = 0; i < predictions.length; i++) if (predictions[i]! * targets[i]! > 0) correct++
  return correct / predictions.length
}
