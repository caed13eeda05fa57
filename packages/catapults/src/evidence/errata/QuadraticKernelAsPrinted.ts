/** The printed change of the kernel at one sample and one parameter. */
import { Draw, erratum, Exact } from "@nonconvex/evidence"
import { type KernelForm, modelCompared, modelStep } from "../support/ExactSteps.ts"
import { converted } from "../support/Paper.ts"
import { at } from "../support/PrintedPlace.ts"
import { exactGeneral, generalMargin } from "../support/QuadraticSteps.ts"

const { toText } = Exact

/** f = w + w^2 / 2 with target -1. */
const kernelCounterexample = Exact.counterexample<"J" | "H" | "r" | "eta", KernelForm>({
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

export const quadraticKernelAsPrinted = erratum({
  id: "catapults/quadratic-kernel-as-printed",
  statement:
    "If the paper says so: let G_i = H_i J' r. A gradient step on a quadratic model, for half the sum of squares, moves the tangent kernel by - (eta / 4)(4 G J' - eta G G').",
  source: converted("residual of the kernel of a general quadratic model"),
  class: "constant",
  read: at("appendix, the residual R_K of a general quadratic model"),
  instances: Draw.record({
    samples: Draw.integer(1, 3),
    parameters: Draw.integer(1, 3),
    step: Draw.oneOf(0.5, 0.25),
    seed: Draw.seed(),
  }),
  margin: ({ instance }) => generalMargin("printed")(instance),
  exactly: ({ instance }) => exactGeneral("printed")(instance),
  exact: kernelCounterexample,
  corrected: "catapults/quadratic-model-step",
  explanation:
    "With one sample and one parameter, f = J w + H w^2 / 2 at w = 0, the kernel J^2 becomes (J - eta H J r)^2: it moves by - 2 eta H J^2 r + eta^2 H^2 J^2 r^2, and the printed form has - eta H J^2 r + (eta^2 / 4) H^2 J^2 r^2. With several samples it is not even symmetric. It would need G to be 2 G, which breaks the printed outputs. The formula is from the companion article, read in a text conversion that may have lost a factor; the special cases that the article uses are correct.",
})
