import { Draw, type Given } from "@nonconvex/evidence"
import { expand } from "./Expand.ts"
import { stepAt } from "./MetamorphicRun.ts"
import type { Subject } from "./Subject.ts"

export const clusters = Draw.record({
  samples: Draw.integer(2, 32),
  inputs: Draw.oneOf<number>(1),
  width: Draw.integer(1, 500),
  kappa: Draw.linear(1, 2.5),
  steps: Draw.integer(1, 6),
  seed: Draw.seed(),
})

export const setUp = (
  subject: Subject,
  instance: Draw.Drawn<typeof clusters>,
  { kernels }: Given,
) => {
  const expanded = { ...expand({ ...instance, inputs: 1 }, kernels), frozen: true }
  // where no neuron looks at any input nothing moves
  const { before, step } = stepAt(subject, expanded, instance.kappa, 1e-6)
  return { ...expanded, before, problem: { ...expanded, step, steps: instance.steps } }
}
