/** Every method of the package, for the law that a resumed run continues bit for bit. */
import * as Seed from "@nonconvex/numerics/Seed"
import { gradientMethod } from "@nonconvex/problems/GradientMethod"
import type { Case } from "@nonconvex/problems/Resumption"
import { groupRmsprop } from "../../src/evidence/support/GroupRmsprop.ts"
import { deepFactorisation, labelNoiseDescent } from "../../src/index.ts"
import { sensing } from "./Numbers.ts"
import * as Initialisation from "../../src/factorisation/Initialisation.ts"

const problem = () => {
  const { measurements, targets } = sensing(4, 1, 10, 3)
  const objective = deepFactorisation({ measurements, targets, widths: [4, 3, 5, 4] })
  const start = Initialisation.gaussian(objective.shape, { scale: 1, seed: Seed.root(1) })
  return { objective, start }
}

const samplings = [
  ["full", undefined],
  ["replacement", 3],
  ["epoch", 4],
] as const

const noisy: ReadonlyArray<Case> = samplings.flatMap(([sampling, batch]) =>
  (["gaussian", "rademacher"] as const).map((distribution) => ({
    name: `label-noise descent, ${sampling}, ${distribution}`,
    begin: () => {
      const { objective, start } = problem()
      const method = labelNoiseDescent({
        learningRate: 0.01,
        noise: 0.5,
        distribution,
        sampling,
        ...(batch !== undefined && { batch }),
        seed: Seed.root(2),
      })
      const state = method.init(objective, start)
      return { state, step: () => method.step(state) }
    },
  })),
)

export const cases: ReadonlyArray<Case> = [
  ...noisy,
  {
    name: "group RMSprop",
    begin: () => {
      const { objective, start } = problem()
      const update = groupRmsprop({ learningRate: 0.01, decay: 0.99, epsilon: 1e-4 })
      const method = gradientMethod(update)
      const state = method.init(objective, start)
      return { state, step: () => method.step(state) }
    },
  },
]
