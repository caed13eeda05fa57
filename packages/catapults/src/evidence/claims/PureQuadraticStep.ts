import { claim, Margin } from "@nonconvex/evidence"
import * as QuadraticDynamics from "../../theory/QuadraticDynamics.ts"
import { pureForms } from "../support/ExactSteps.ts"
import { corrected } from "../support/Paper.ts"
import { exactPure, printedPureMargin, pure, pureMargin } from "../support/QuadraticSteps.ts"

const withTwo: typeof QuadraticDynamics.pureStep = (state, options) => {
  const next = QuadraticDynamics.pureStep(state, options)
  const bend = options.gamma * options.gamma * options.squaredInput * (state.output * state.output)
  return { ...next, kernel: next.kernel + 2 * options.step * bend }
}

/** Corrects the erratum `catapults/pure-quadratic-as-printed`. */
export const pureQuadraticStep = claim({
  id: "catapults/pure-quadratic-step",
  statement:
    "Let g = gamma w' Sigma w / 2 with Sigma^2 = |x|^2 I and label 0. A step gives (1 - e lambda + gamma^2 e^2 |x|^2 g^2) g and lambda - e gamma^2 |x|^2 g^2 (4 - e lambda). The printed formula has gamma instead of its square, and omits the factor e in the fall of the kernel.",
  extent: { samples: 1 },
  source: corrected("Proposition 10"),
  instances: pure,
  value: { map: QuadraticDynamics.pureStep, form: pureForms.corrected },
  margin: ({ instance, value: { map } }) =>
    Margin.all(pureMargin(map)(instance), printedPureMargin(instance)),
  exactly: ({ instance, value: { form } }) => exactPure(form)(instance),
  controls: [
    {
      name: "as printed",
      value: { map: QuadraticDynamics.pureStepAsPrinted, form: pureForms.printed },
    },
    { name: "2 in place of 4", value: { map: withTwo, form: pureForms.two } },
  ],
})
