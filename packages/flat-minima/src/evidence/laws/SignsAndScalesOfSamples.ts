import { claim, Kind, Margin } from "@nonconvex/evidence"
import { derived } from "../support/Paper.ts"
import { samplesOnly } from "../support/Paths.ts"
import { reflected, rescaledPredictions } from "../support/Reflected.ts"
import { flatMinima } from "../support/Subject.ts"

export const signsAndScalesOfSamples = claim({
  id: "flat-minima/signs-and-scales-of-samples",
  statement:
    "The path is unchanged if predictions and labels change sign under an even loss, and if the rows are scaled by c > 0.",
  inFloatingPoint: "agreement",
  source: Kind.identity(
    derived("invariance under the sign of a prediction and the scale of a row"),
  ),
  subject: flatMinima,
  instances: samplesOnly,
  margin: ({ instance, subject }) =>
    Margin.all(
      reflected(subject, instance, rescaledPredictions(-1, -1), 1),
      reflected(subject, instance, rescaledPredictions(instance.factor, 1), 1),
    ),
  controls: [
    {
      name: "sigma changed alone",
      margin: ({ instance, subject }) =>
        reflected(subject, instance, rescaledPredictions(1, 1), -1),
    },
  ],
})
