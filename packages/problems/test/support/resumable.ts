/** Every method, over one objective and over batches: what the law of resumption runs, in this process and in a new one. */
import { Seed } from "@nonconvex/numerics"
import type { Case } from "@nonconvex/problems/Resumption"
import {
  adamW,
  asam,
  batchNormalised,
  gradientMethod,
  leastSquares,
  type Method,
  momentum,
  nesterov,
  pNormSam,
  repeatedAscent,
  sam,
  sgd,
  unifiedSam,
  type Update,
  usam,
  withClipping,
  withWeightDecay,
} from "../../src/index.ts"
import * as Architecture from "../../src/network/Architecture.ts"
import * as Block from "../../src/network/Block.ts"
import * as Loss from "../../src/network/Loss.ts"
import * as Minibatch from "../../src/Minibatch.ts"
import * as Schedule from "../../src/Schedule.ts"
import * as Initialisation from "../../src/network/Initialisation.ts"
import * as Perturbation from "../../src/Perturbation.ts"
import { type Stochastic } from "../../src/Objective.ts"
import { points } from "./Problems.ts"

const sum = leastSquares({
  features: points(30, 1, 1, "resumption")[0]!,
  dimension: 3,
  targets: points(10, 1, 1, "resumption targets")[0]!,
})
const seed = Seed.root("resumption")
const learningRate = Schedule.cosine(0.1, 20)

const updates: ReadonlyArray<() => Update> = [
  () => sgd({ learningRate }),
  () => momentum({ learningRate }),
  () => nesterov({ learningRate }),
  () => adamW({ learningRate, weightDecay: 0.1 }),
  () => withClipping(momentum({ learningRate }), { maxNorm: 0.5 }),
  () => withWeightDecay(adamW({ learningRate }), { rate: 0.1 }),
]

const base = () => momentum({ learningRate })

const methods: ReadonlyArray<() => Method> = [
  ...updates.map((update) => () => gradientMethod(update())),
  () => sam({ base: base() }),
  () => sam({ radius: Schedule.cosine(0.1, 9), base: adamW({ learningRate }) }),
  () => usam({ base: base() }),
  () => unifiedSam({ normalisation: 0.5, base: base() }),
  () => asam({ base: base() }),
  () => pNormSam({ p: 4, base: base() }),
  () => repeatedAscent(Perturbation.normalised(0.1), base(), { ascentSteps: 2 }),
]

const objectives = {
  "the whole sum": () => Minibatch.fullBatch(sum),
  "shuffled batches": () => Minibatch.shuffled(sum, { batchSize: 3, seed }),
  "batches with replacement": () => Minibatch.independent(sum, { batchSize: 4, seed }),
}

const normalised = batchNormalised({
  features: points(30, 1, 1, "resumption")[0]!,
  dimension: 3,
  architecture: Architecture.layered({
    input: 3,
    blocks: [Block.dense(4), Block.batchNormalisation(), Block.activation("relu"), Block.dense(2)],
  }),
  loss: Loss.crossEntropy([0, 1, 1, 0, 1, 0, 0, 1, 0, 1]),
})

const caseOf = (
  make: () => Method,
  over: string,
  objectiveOf: () => Stochastic,
  start: Float64Array,
): Case => ({
  name: `${make().name} on ${over}`,
  begin: () => {
    const method = make()
    const objective = objectiveOf()
    const state = method.init(objective, start)
    const step = () => {
      const loss = method.step(state)
      objective.advance()
      return loss
    }
    return { state, step }
  },
})

export const cases: ReadonlyArray<Case> = [
  ...methods.flatMap((make) =>
    Object.entries(objectives).map(([over, objectiveOf]) =>
      caseOf(make, over, objectiveOf, Float64Array.of(1, -2, 3)),
    ),
  ),
  caseOf(
    () => sam({ base: base() }),
    "shuffled batches that are normalised",
    () => Minibatch.shuffled(normalised, { batchSize: 3, seed }),
    Initialisation.he(normalised.architecture, seed.child("start")),
  ),
]
