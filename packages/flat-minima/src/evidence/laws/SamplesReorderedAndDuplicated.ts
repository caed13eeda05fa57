import { claim, Kind, Margin } from "@nonconvex/evidence"
import type { SampleModel } from "../../problems/SampleModel.ts"
import { derived } from "../support/Paper.ts"
import { close, type Instance, pathEnd, samplesOnly, settingOf } from "../support/Paths.ts"
import { flatMinima, type Subject } from "../support/Subject.ts"

/** The model of the samples that `order` lists. */
const resampled = (model: SampleModel, order: ReadonlyArray<number>): SampleModel => ({
  ...model,
  form: undefined,
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
): Margin.Comparison => {
  const setting = settingOf(instance)
  const { draws } = setting.options
  const { size } = setting.model
  const expected = pathEnd(subject, instance.kind, setting)
  const actual = pathEnd(subject, instance.kind, {
    ...setting,
    model: resampled(setting.model, order),
    options: {
      ...setting.options,
      draws: { ...draws, index: (place) => index(draws.index(place, size)) },
    },
  })
  return close(expected, actual)
}

export const samplesReorderedAndDuplicated = claim({
  id: "flat-minima/samples-reordered-and-duplicated",
  statement:
    "The sharpness-aware path is unchanged if the samples are permuted together with the drawn indices, and if the data set is duplicated.",
  inFloatingPoint: "agreement",
  source: Kind.identity(
    derived("invariance under the order and the number of copies of the samples"),
  ),
  subject: flatMinima,
  instances: samplesOnly,
  margin: ({ instance, subject }) => {
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
      margin: ({ instance, subject }) =>
        reordered(
          subject,
          instance,
          Array.from({ length: instance.size }, (_, i) => instance.size - 1 - i),
          (i) => i,
        ),
    },
    {
      name: "one sample twice",
      margin: ({ instance, subject }) =>
        reordered(
          subject,
          instance,
          [0, ...Array.from({ length: instance.size }, (_, i) => i)],
          (i) => i + 1,
        ),
    },
  ],
})
