import { claim, Draw, Kind } from "@nonconvex/evidence"
import { descentOf } from "../../descent/Descent.ts"
import { ntkNetwork } from "../../network/NtkNetwork.ts"
import { meanSquared } from "../../network/OutputLoss.ts"
import * as Theory from "../../theory/index.ts"
import { expand } from "../support/Expand.ts"
import { nearVector } from "../support/Near.ts"
import { derived } from "../support/Paper.ts"
import { follow, ours } from "../support/Subject.ts"

export const lossNormalisation = claim({
  id: "catapults/loss-normalisation",
  statement:
    "Losses c |r|^2 and c' |r|^2 with the learning rates eta and eta c / c' have the same trajectory: only e = 2 c eta matters.",
  inFloatingPoint: "agreement",
  source: Kind.identity(derived("loss normalisation")),
  subject: ours,
  instances: Draw.record({
    samples: Draw.integer(2, 8),
    inputs: Draw.integer(1, 8),
    width: Draw.integer(1, 32),
    rate: Draw.linear(0.1, 0.5),
    seed: Draw.seed(),
  }),
  value: Theory.effectiveStep,
  margin: ({ instance, kernels, subject, value: effective }) => {
    const { rate, samples } = instance
    const problem = expand(instance, kernels)
    const step = effective(Theory.meanFactor(samples), rate)
    const { parameters } = subject({ ...problem, steps: 5, step })
    const descent = descentOf(ntkNetwork(problem), meanSquared(problem.targets), problem.start)
    return nearVector(parameters, follow(descent, 5, rate).parameters, 1e-11)
  },
  controls: [
    { name: "the learning rate taken for the effective step", value: (_c, rate) => rate },
    { name: "the factor 2 dropped", value: (c, rate) => c * rate },
  ],
})
