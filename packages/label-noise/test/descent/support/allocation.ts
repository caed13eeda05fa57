/** Program that prints, as JSON, the allocations of a step of label-noise SGD. */
import { allocated } from "@nonconvex/evidence/memory"
import { Seed } from "@nonconvex/numerics"
import { labelNoiseSgd } from "../../../src/index.ts"
import type { Form } from "../../../src/descent/NoisyDescent.ts"
import { fitted } from "../../support/problems.ts"

export interface Found {
  readonly bytesPerStep: number
  readonly steps: number
  readonly taken: number
  readonly status: string
}

const { network, theta } = fitted(5, 10)

const [form = "parameters", batch = "1", steps = "1"] = process.argv.slice(2)
const method = labelNoiseSgd({
  learningRate: 0.01,
  noise: 0.05,
  sampling: batch === "3" ? "full" : "epoch",
  batch: Number(batch),
  form: form as Form,
  seed: Seed.root(1),
})
const state = method.init(network, theta)
const takeSteps = (count: number) => {
  for (let t = 0; t < count; t++) method.step(state)
}
const found = await allocated(takeSteps, { first: 200_000, steps: Number(steps) })
process.stdout.write(
  JSON.stringify({ ...found, taken: state.steps, status: state.status } satisfies Found),
)
