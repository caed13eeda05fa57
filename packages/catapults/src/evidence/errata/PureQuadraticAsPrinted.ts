/** Proposition 10 as printed, at one parameter. */
import { erratum, Exact } from "@nonconvex/evidence"
import * as QuadraticDynamics from "../../theory/QuadraticDynamics.ts"
import { pureCompared, type PureForm, pureForms, pureStep } from "../support/ExactSteps.ts"
import { converted } from "../support/Paper.ts"
import { at } from "../support/PrintedPlace.ts"
import { exactPure, pure, pureMargin } from "../support/QuadraticSteps.ts"

const { toText } = Exact

/** The model g = w^2: its output becomes 1/4 and its kernel falls from 4 to 1, while the printed kernel is negative. */
const pureCounterexample = Exact.counterexample<"gamma" | "x" | "eta" | "w", PureForm>({
  instance: { gamma: "2", x: "1", eta: "1/4", w: "1" },
  printed: pureForms.printed,
  work: ({ eta, gamma, w, x }, form) => {
    const model = { gamma, s: x, step: eta, a2: Exact.square(w), b2: Exact.zero }
    const { after, before } = pureStep(model)
    const said = form(before, model)
    const state = ({ kernel, output }: typeof before) =>
      `g = ${toText(output)} and lambda = ${toText(kernel)}`
    const next = Exact.multiply(
      w,
      Exact.subtract(Exact.one, Exact.product(eta, before.output, gamma, x)),
    )
    return {
      steps: [
        `g = gamma x w^2 / 2 has g' = gamma x w, and at w: ${state(before)}`,
        `a step of eta on g^2 / 2 goes to w - eta g g' = ${toText(next)}, where ${state(after)}`,
        `printed: (1 - eta lambda + gamma eta^2 x^2 g^2) g = ${toText(said.output)}, and lambda - gamma x^2 g^2 (4 - eta lambda) = ${toText(said.kernel)}`,
      ],
      compared: pureCompared(model, form),
    }
  },
  controls: [
    ["the corrected step, with gamma^2 and eta", { statement: pureForms.corrected }],
    ["gamma and eta of 1", { instance: { gamma: "1", eta: "1" } }],
    ["an output of 0", { instance: { w: "0" } }],
  ],
})

export const pureQuadraticAsPrinted = erratum({
  id: "catapults/pure-quadratic-as-printed",
  statement:
    "If the paper says so: let g = gamma w' Sigma w / 2 with Sigma^2 = |x|^2 I and label 0. A step gives (1 - eta lambda + gamma eta^2 |x|^2 g^2) g and lambda - gamma |x|^2 g^2 (4 - eta lambda).",
  extent: { samples: 1 },
  source: converted("Proposition 10"),
  class: "constant",
  read: at("Proposition 10"),
  instances: pure,
  margin: ({ instance }) => pureMargin(QuadraticDynamics.pureStepAsPrinted)(instance),
  exactly: ({ instance }) => exactPure(pureForms.printed)(instance),
  exact: pureCounterexample,
  corrected: "catapults/pure-quadratic-step",
  explanation:
    "The kernel is gamma^2 |x|^2 |w|^2, so gamma enters squared, and the fall of the kernel must contain the learning rate. The remark after the proposition, gamma = 1 / sqrt(m) for linear networks, agrees with the square. The formula is from the companion article, read in a text conversion that may have lost a factor.",
})
