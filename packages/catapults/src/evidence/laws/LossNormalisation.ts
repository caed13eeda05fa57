/** Only the effective step of a squared loss matters. */
import { Draw, type Given, law } from "@nonconvex/evidence"
import { descentOf } from "../../descent/Descent.ts"
import { ntkNetwork } from "../../network/NtkNetwork.ts"
import { meanSquared } from "../../network/OutputLoss.ts"
import * as Theory from "../../theory/index.ts"
import { expand, type Expanded, type Sizes } from "../support/Expand.ts"
import { nearVector } from "../support/Near.ts"
import { derived } from "../support/Paper.ts"
import type { Subject } from "../support/Subject.ts"

interface Normalised extends Sizes {
  readonly rate: number
}

export const lossNormalisation = law<Subject, Normalised>({
  id: "catapults/loss-normalisation",
  statement:
    "Losses c |r|^2 and c' |r|^2 with the learning rates eta and eta c / c' have the same trajectory: only e = 2 c eta matters.",
  source: derived("loss normalisation"),
  instances: Draw.record<Normalised>({
    samples: Draw.integer(2, 8),
    inputs: Draw.integer(1, 8),
    width: Draw.integer(1, 32),
    rate: Draw.linear(0.1, 0.5),
    seed: Draw.seed(),
  }),
  margin: (subject, instance, given) =>
    normalisedMargin(subject, instance, given, Theory.effectiveStep),
  controls: [
    {
      name: "the learning rate taken for the effective step",
      margin: (subject, instance, given) =>
        normalisedMargin(subject, instance, given, (_c, rate) => rate),
    },
    {
      name: "the factor 2 dropped",
      margin: (subject, instance, given) =>
        normalisedMargin(subject, instance, given, (c, rate) => c * rate),
    },
  ],
})

const normalisedMargin = (
  subject: Subject,
  instance: Normalised,
  { kernels }: Given,
  effective: typeof Theory.effectiveStep,
): number => {
  const problem = expand(instance, kernels)
  const c = Theory.meanFactor(instance.samples)
  const { parameters } = subject({
    ...problem,
    steps: 5,
    step: effective(c, instance.rate),
  })
  const ours = descentOfMean(problem, instance.rate)
  return nearVector(parameters, ours, 1e-11)
}

/** Five steps on the mean of squares. */
const descentOfMean = (
  { architecture, features, kernels, start, targets }: Expanded,
  rate: number,
): Float64Array => {
  const network = ntkNetwork({ architecture, features, kernels })
  const descent = descentOf(network, meanSquared(targets), start)
  for (let t = 0; t < 5; t++) {
    descent.evaluate()
    descent.move(rate)
  }
  return descent.parameters()
}
