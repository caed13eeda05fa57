/** Steps of quadratic models as Zhu, Liu, Radhakrishnan, Belkin 2022 print them. */
import { Draw, type Erratum, erratum } from "@nonconvex/evidence"
import * as QuadraticDynamics from "../../theory/QuadraticDynamics.ts"
import { printed } from "../support/Paper.ts"
import { pureForms } from "../support/ExactSteps.ts"
import {
  exactGeneral,
  exactPure,
  generalMargin,
  pure,
  pureMargin,
} from "../support/QuadraticSteps.ts"
import { kernelCounterexample } from "./KernelCounterexample.ts"
import { pureCounterexample } from "./PureCounterexample.ts"

/** The article was read in a conversion of its text, which may have lost a factor. */
const at = (place: string) =>
  ({ as: "printed", place: `a conversion of the text, ${place}` }) as const

const kernelAsPrinted = erratum({
  id: "catapults/quadratic-kernel-as-printed",
  statement:
    "A gradient step on a quadratic model, for half the sum of squares, moves the tangent kernel by - (eta / 4)(4 G J' - eta G G') with G_i = H_i J' r.",
  source: printed("residual of the kernel of a general quadratic model"),
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

const pureAsPrinted = erratum({
  id: "catapults/pure-quadratic-as-printed",
  statement:
    "For g = gamma w' Sigma w / 2 with Sigma^2 = |x|^2 I and label 0, a step gives (1 - eta lambda + gamma eta^2 |x|^2 g^2) g and lambda - gamma |x|^2 g^2 (4 - eta lambda).",
  source: printed("Proposition 10"),
  class: "constant",
  read: at("Proposition 10"),
  instances: pure,
  margin: ({ instance }) => pureMargin(QuadraticDynamics.pureStepAsPrinted)(instance),
  exactly: ({ instance }) => exactPure(pureForms.printed)(instance),
  exact: pureCounterexample,
  corrected: "catapults/pure-quadratic-step",
  explanation:
    "The kernel is gamma^2 |x|^2 |w|^2, so gamma enters squared, and the fall of the kernel is a step: it needs the learning rate. The remark after the proposition, gamma = 1 / sqrt(m) for linear networks, agrees with the square. It is a formula of the companion article, read in a conversion that may have lost a factor.",
})

export const errata: ReadonlyArray<Erratum> = [kernelAsPrinted, pureAsPrinted]
