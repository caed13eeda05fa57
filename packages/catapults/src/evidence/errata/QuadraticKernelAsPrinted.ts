import { Draw, erratum } from "@nonconvex/evidence"
import { kernelCounterexample } from "../support/KernelCounterexample.ts"
import { converted } from "../support/Paper.ts"
import { at } from "../support/PrintedPlace.ts"
import { exactGeneral, generalMargin } from "../support/QuadraticSteps.ts"

const kernelAsPrinted = erratum({
  id: "catapults/quadratic-kernel-as-printed",
  statement:
    "If the paper says so: a gradient step on a quadratic model, for half the sum of squares, moves the tangent kernel by - (eta / 4)(4 G J' - eta G G') with G_i = H_i J' r.",
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
    "With one sample and one parameter, f = J w + H w^2 / 2 at w = 0, the kernel J^2 becomes (J - eta H J r)^2: it moves by - 2 eta H J^2 r + eta^2 H^2 J^2 r^2, and the printed form has - eta H J^2 r + (eta^2 / 4) H^2 J^2 r^2. With several samples it is not even symmetric. It would need G to be 2 G, which breaks the printed outputs. It is a formula of the companion article, read in a conversion that may have lost a factor; the special cases that the article uses are right.",
})

export const quadraticKernelAsPrinted = kernelAsPrinted
