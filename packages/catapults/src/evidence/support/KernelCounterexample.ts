/** The printed change of the kernel at one sample and one parameter. */
import { Exact } from "@nonconvex/evidence"
import { type KernelForm, modelCompared, modelStep } from "./ExactSteps.ts"

const { toText } = Exact

/** f = w + w^2 / 2 with target -1. */
export const kernelCounterexample = Exact.counterexample<"J" | "H" | "r" | "eta", KernelForm>({
  instance: { J: "1", H: "1", r: "1", eta: "1/2" },
  printed: "printed",
  work: ({ H, J, eta, r }, form) => {
    const model = {
      predictions: [r],
      jacobian: [[J]],
      hessians: [[[H]]],
      targets: [Exact.zero],
      step: eta,
    }
    const { bends, jacobian, kernel, nextKernel, w } = modelStep(model)
    const { actual, bound, relation } = modelCompared(model, form)
    const g = toText(bends[0]![0]!)
    return {
      steps: [
        `f(w) = r + J w + H w^2 / 2 with label 0, at w = 0: the kernel is J^2 = ${toText(kernel[0]![0]!)}, and G = H J r = ${g}`,
        `a step of eta on f^2 / 2 goes to w = - eta J r = ${toText(w[0]!)}, where f' = J + H w = ${toText(jacobian[0]![0]!)}`,
        `so that the kernel is ${toText(nextKernel[0]![0]!)}`,
        `printed: J^2 - (eta / 4)(4 G J - eta G^2) = ${toText(bound)}`,
      ],
      compared: { actual, bound, relation },
    }
  },
  controls: [
    ["the corrected change, - 2 eta G J + eta^2 G^2", { statement: "corrected" }],
    ["a model that is linear", { instance: { H: "0" } }],
  ],
})
