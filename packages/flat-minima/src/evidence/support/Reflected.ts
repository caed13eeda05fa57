/** The same path with scaled predictions, and with other signs of the draws. */
import type { Margin } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import type { SampleModel } from "../../problems/SampleModel.ts"
import { close, type Instance, pathEnd, settingOf } from "./Paths.ts"
import type { Subject } from "./Subject.ts"

/** The path with predictions times `scale`, unchanged losses, and signs of the draws times `sign` by sample. */
export const reflected = (
  subject: Subject,
  instance: Instance,
  change: (model: SampleModel) => SampleModel,
  sign: number,
): Margin.Comparison => {
  const setting = settingOf(instance)
  const { draws } = setting.options
  const expected = pathEnd(subject, instance.kind, setting)
  const actual = pathEnd(subject, instance.kind, {
    ...setting,
    model: change(setting.model),
    options: {
      ...setting.options,
      draws: { ...draws, sign: (place) => sign * draws.sign(place) },
    },
  })
  return close(expected, actual)
}
/** Predictions `scale (p - y)`: rows and residual scale together. */
export const rescaledPredictions =
  (rowScale: number, residualScale: number) =>
  (model: SampleModel): SampleModel => ({
    ...model,
    form: undefined,
    predictionGradient: (i, x, gradient) => {
      const residual = model.predictionGradient(i, x, gradient)
      Vector.scale(rowScale, gradient)
      return residualScale * residual
    },
  })
