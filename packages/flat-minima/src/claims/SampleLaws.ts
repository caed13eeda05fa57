/** Metamorphic laws (f) to (j): the order, the number of copies, the sign and the scale of samples do not matter. */
import { type Claim, claim, type Law, law, Margin } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import type { SampleModel } from "../SampleModel.ts"
import { derived } from "./Paper.ts"
import { close, type Instance, pathEnd, samplesOnly, settingOf } from "./Paths.ts"
import { flatMinima, type Subject } from "./Subject.ts"

/** The model of the samples that `order` lists. */
const resampled = (model: SampleModel, order: ReadonlyArray<number>): SampleModel => ({
  ...model,
  size: order.length,
  predictionGradient: (i, x, gradient) => model.predictionGradient(order[i]!, x, gradient),
  sampleValueAndGradient: (i, x, gradient) => model.sampleValueAndGradient(order[i]!, x, gradient),
  batchValueAndGradient: (indices, x, gradient) =>
    model.batchValueAndGradient(
      indices.map((i) => order[i]!),
      x,
      gradient,
    ),
  valueAndGradient: (x, gradient) =>
    model.batchValueAndGradient(Uint32Array.from(order), x, gradient),
})

const reordered = (
  subject: Subject,
  instance: Instance,
  order: ReadonlyArray<number>,
  index: (i: number) => number,
): number => {
  const setting = settingOf(instance)
  const { size } = setting.model
  const expected = pathEnd(subject, instance.kind, setting)
  const fresh = settingOf(instance).draws
  const actual = pathEnd(subject, instance.kind, {
    ...setting,
    model: resampled(setting.model, order),
    draws: { ...fresh, index: () => index(fresh.index(size)) },
  })
  return close(expected, actual)
}
const order = law<Subject, Instance>({
  id: "flat-minima/samples-reordered-and-duplicated",
  statement:
    "The sharpness-aware path stays where the samples are permuted along with the indices drawn, and where the data set is duplicated.",
  source: derived("metamorphic laws (f) and (g)"),
  instances: samplesOnly,
  margin: (subject, instance) => {
    const n = instance.size
    const natural = Array.from({ length: n }, (_, i) => i)
    return Margin.all(
      reordered(subject, instance, natural.toReversed(), (i) => n - 1 - i),
      reordered(subject, instance, [...natural, ...natural], (i) => i + n),
    )
  },
  controls: [
    {
      name: "permuted without the indices",
      instances: samplesOnly,
      margin: (subject, instance) =>
        reordered(
          subject,
          instance,
          Array.from({ length: instance.size }, (_, i) => instance.size - 1 - i),
          (i) => i,
        ),
    },
    {
      name: "one sample twice",
      instances: samplesOnly,
      margin: (subject, instance) =>
        reordered(
          subject,
          instance,
          [0, ...Array.from({ length: instance.size }, (_, i) => i)],
          (i) => i + 1,
        ),
    },
  ],
})

/** The path with predictions times `scale`, losses as before, and the sign of the draws times `sign` by sample. */
const reflected = (
  subject: Subject,
  instance: Instance,
  change: (model: SampleModel) => SampleModel,
  sign: number,
): number => {
  const setting = settingOf(instance)
  const expected = pathEnd(subject, instance.kind, setting)
  const fresh = settingOf(instance).draws
  const actual = pathEnd(subject, instance.kind, {
    ...setting,
    model: change(setting.model),
    draws: { ...fresh, sign: () => sign * fresh.sign() },
  })
  return close(expected, actual)
}
/** Predictions `scale (p - y)`: the rows and the residual change alike. */
const rescaledPredictions =
  (rowScale: number, residualScale: number) =>
  (model: SampleModel): SampleModel => ({
    ...model,
    predictionGradient: (i, x, gradient) => {
      const residual = model.predictionGradient(i, x, gradient)
      Vector.scale(rowScale, gradient)
      return residualScale * residual
    },
  })
const signs = law<Subject, Instance>({
  id: "flat-minima/signs-and-scales-of-samples",
  statement:
    "The path stays where predictions and labels change sign under an even loss, and where the rows are scaled by c > 0.",
  source: derived("metamorphic laws (h) and (j)"),
  instances: samplesOnly,
  margin: (subject, instance) =>
    Margin.all(
      reflected(subject, instance, rescaledPredictions(-1, -1), 1),
      reflected(subject, instance, rescaledPredictions(instance.factor, 1), 1),
    ),
  controls: [
    {
      name: "sigma changed alone",
      margin: (subject, instance) => reflected(subject, instance, rescaledPredictions(1, 1), -1),
    },
  ],
})

/** About this package alone: others need not read rows. */
const signOfRow = claim<Instance>({
  id: "flat-minima/sign-of-a-row",
  statement: "The path stays where sigma changes sign along with the row of the sample.",
  source: derived("metamorphic law (i)"),
  instances: samplesOnly,
  margin: (instance) => reflected(flatMinima, instance, rescaledPredictions(-1, 1), -1),
  controls: [
    {
      name: "the row alone",
      instances: samplesOnly,
      margin: (instance) => reflected(flatMinima, instance, rescaledPredictions(-1, 1), 1),
    },
  ],
})

export const sampleLaws: ReadonlyArray<Law<Subject>> = [order, signs]

export const rowClaims: ReadonlyArray<Claim> = [signOfRow]
