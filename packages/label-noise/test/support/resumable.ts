/** All ways to take steps of label-noise SGD, to be stopped and resumed. */
import { Seed } from "@nonconvex/numerics"
import type * as Resumption from "@nonconvex/problems/Resumption"
import type { LabelNoiseSgdOptions } from "../../src/descent/LabelNoiseSgd.ts"
import { labelNoiseSgd } from "../../src/index.ts"
import { fitted } from "./problems.ts"

const { network, theta } = fitted()
const common = { learningRate: 0.02, noise: 0.1, seed: Seed.root(1) }

const kinds: ReadonlyArray<Omit<LabelNoiseSgdOptions, keyof typeof common>> = [
  { sampling: "full" },
  { sampling: "replacement", batch: 2 },
  { sampling: "epoch", batch: 2, distribution: "rademacher", convention: "mean" },
]

export const cases: ReadonlyArray<Resumption.Case> = kinds.flatMap((kind) =>
  (["parameters", "preactivations"] as const).map((form) => ({
    name: `${kind.sampling}, in ${form}`,
    begin: () => {
      const method = labelNoiseSgd({ ...common, ...kind, form })
      const state = method.init(network, theta)
      return { state, step: () => method.step(state) }
    },
  })),
)
