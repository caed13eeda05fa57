/** M8: only the effective step of a squared loss matters. */
import { Draw, law, Margin } from "@nonconvex/evidence"
import { sgd } from "@nonconvex/problems/Sgd"
import { batchDescent } from "../BatchDescent.ts"
import { descentOf } from "../Descent.ts"
import { ntkNetwork } from "../NtkNetwork.ts"
import { meanSquared } from "../OutputLoss.ts"
import { criticalRate } from "../TangentKernel.ts"
import * as Theory from "../Theory.ts"
import { expand, type Sizes } from "./Expand.ts"
import { nearVector } from "./Near.ts"
import { derived } from "./Paper.ts"
import type { Subject } from "./Subject.ts"

interface Normalised extends Sizes {
  readonly rate: number
}

export const lossNormalisation = law<Subject, Normalised>({
  id: "catapults/loss-normalisation",
  statement:
    "Losses c |r|^2 and c' |r|^2 with the learning rates eta and eta c / c' have the same trajectory: only e = 2 c eta matters (M8).",
  source: derived("loss normalisation"),
  instances: Draw.record<Normalised>({
    samples: Draw.integer(2, 8),
    inputs: Draw.integer(1, 8),
    width: Draw.integer(1, 32),
    rate: Draw.linear(0.1, 0.5),
    seed: Draw.seed(),
  }),
  margin: (subject, instance) => normalisedMargin(subject, instance, Theory.effectiveStep),
  controls: [
    {
      name: "the learning rate taken for the effective step",
      margin: (subject, instance) => normalisedMargin(subject, instance, (_c, rate) => rate),
    },
    {
      name: "the factor 2 dropped",
      margin: (subject, instance) => normalisedMargin(subject, instance, (c, rate) => c * rate),
    },
  ],
})

const normalisedMargin = (
  subject: Subject,
  instance: Normalised,
  effective: typeof Theory.effectiveStep,
): number => {
  const { architecture, features, start, targets } = expand(instance)
  const c = Theory.meanFactor(instance.samples)
  const { parameters } = subject({
    architecture,
    features,
    start,
    targets,
    steps: 5,
    step: effective(c, instance.rate),
  })
  const ours = descentOfMean({ architecture, features, start, targets }, instance.rate)
  return nearVector(parameters, ours, 1e-11)
}

/** Five steps on the mean of squares. */
const descentOfMean = (
  { architecture, features, start, targets }: Omit<ReturnType<typeof expand>, "seed">,
  rate: number,
): Float64Array => {
  const descent = descentOf(ntkNetwork({ architecture, features }), meanSquared(targets), start)
  for (let t = 0; t < 5; t++) {
    descent.evaluate()
    descent.move(rate)
  }
  return descent.parameters()
}

interface Batched extends Sizes {
  readonly batch: number
  /** Of the loss; a power of two, so that both runs round alike. */
  readonly scale: number
  /** Learning rate over the critical one of all samples. */
  readonly multiple: number
}

export const supercriticalShare = law<typeof batchDescent, Batched>({
  id: "catapults/supercritical-share",
  statement:
    "The share of batches past their critical rates is the same for the losses L and a L with the learning rates eta and eta / a, and of a first step on all samples it is 1 just past their critical rate.",
  source: derived("loss normalisation, for batches"),
  instances: Draw.record<Batched>({
    samples: Draw.oneOf(4, 8, 12),
    inputs: Draw.integer(1, 8),
    width: Draw.integer(1, 32),
    batch: Draw.oneOf(1, 2, 4),
    scale: Draw.oneOf(0.25, 0.5, 2, 4),
    multiple: Draw.oneOf(0.5, 0.7, 0.9, 1.1),
    seed: Draw.seed(),
  }),
  margin: (descend, instance) => {
    const { batch, multiple, samples, scale } = instance
    // no unit is dead, which would leave batches that nothing moves
    const { architecture, features, seed, start, targets } = expand(instance, {
      activation: "tanh",
    })
    const network = ntkNetwork({ architecture, features })
    const critical = criticalRate(network, meanSquared(targets), start)
    const share = (batchSize: number, factor: number, steps: number) => {
      const run = descend(network, meanSquared(targets, factor), start, {
        batchSize,
        update: sgd({ learningRate: (multiple * critical) / factor }),
        seed: seed.child("order"),
        probeEvery: 1,
        // bounds of the loss depend on its scale: none of them in these steps
        evaluateEvery: 1000,
      })
      for (let t = 0; t < steps; t++) run.step()
      return run.supercriticalShare()
    }
    return Margin.all(
      Margin.holds(share(batch, scale, 6) === share(batch, 1, 6)),
      Margin.holds(share(samples, scale, 1) === (multiple > 1 ? 1 : 0)),
    )
  },
  controls: [
    {
      name: "the critical rate of the mean of squares, whatever the loss",
      subject: (descend) => (model, loss, start, options) => {
        const curvature: typeof loss.curvature = (predictions, out) =>
          out.fill(2 * Theory.meanFactor(predictions.length))
        return descend(model, { ...loss, curvature }, start, options)
      },
    },
    {
      name: "no batch past its critical rate",
      subject: (descend) => (model, loss, start, options) => ({
        ...descend(model, loss, start, options),
        supercriticalShare: () => 0,
      }),
    },
  ],
})
