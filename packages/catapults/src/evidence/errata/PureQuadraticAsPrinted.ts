import { erratum } from "@nonconvex/evidence"
import * as QuadraticDynamics from "../../theory/QuadraticDynamics.ts"
import { pureForms } from "../support/ExactSteps.ts"
import { printed } from "../support/Paper.ts"
import { at } from "../support/PrintedPlace.ts"
import { pureCounterexample } from "../support/PureCounterexample.ts"
import { exactPure, pure, pureMargin } from "../support/QuadraticSteps.ts"

const pureAsPrinted = erratum({
  id: "catapults/pure-quadratic-as-printed",
  statement:
    "For g = gamma w' Sigma w / 2 with Sigma^2 = |x|^2 I and label 0, a step gives (1 - eta lambda + gamma eta^2 |x|^2 g^2) g and lambda - gamma |x|^2 g^2 (4 - eta lambda).",
  extent: { samples: 1 },
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

export const pureQuadraticAsPrinted = pureAsPrinted
