/** How the outputs and the tangent kernel of quadratic models move in a step. */
import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as QuadraticDynamics from "../../theory/QuadraticDynamics.ts"
import { pureForms } from "../support/ExactSteps.ts"
import { corrected } from "../support/Paper.ts"
import {
  exactGeneral,
  exactPure,
  generalMargin,
  printedMargin,
  printedPureMargin,
  pure,
  pureMargin,
} from "../support/QuadraticSteps.ts"

/** Corrects the erratum `catapults/quadratic-kernel-as-printed`. */
export const quadraticStep = claim({
  id: "catapults/quadratic-model-step",
  statement:
    "A gradient step on a quadratic model with e = 2 c eta and G_i = H_i J' r moves the outputs by - e K r + e^2 G J' r / 2 and the tangent kernel by - e (J G' + G J') + e^2 G G'; what is printed is that of half the step, and not symmetric.",
  source: corrected("residual of the kernel of a general quadratic model"),
  instances: Draw.record({
    samples: Draw.integer(1, 6),
    parameters: Draw.integer(1, 8),
    step: Draw.linear(0.1, 0.5),
    seed: Draw.seed(),
  }),
  value: { form: "corrected", half: 0.5 },
  margin: ({ instance, value: { form, half } }) =>
    Margin.all(generalMargin(form, half)(instance), printedMargin(instance)),
  exactly: ({ instance, value: { form, half } }) => exactGeneral(form, half)(instance),
  controls: [
    { name: "the kernel as printed", value: { form: "printed", half: 0.5 } },
    {
      name: "without the factor of one half in the outputs",
      value: { form: "corrected", half: 1 },
    },
  ],
})

const withTwo: typeof QuadraticDynamics.pureStep = (state, options) => {
  const next = QuadraticDynamics.pureStep(state, options)
  const bend = options.gamma * options.gamma * options.squaredInput * (state.output * state.output)
  return { ...next, kernel: next.kernel + 2 * options.step * bend }
}

/** Corrects the erratum `catapults/pure-quadratic-as-printed`. */
export const pureQuadratic = claim({
  id: "catapults/pure-quadratic-step",
  statement:
    "For g = gamma w' Sigma w / 2 with Sigma^2 = |x|^2 I and label 0, a step gives (1 - e lambda + gamma^2 e^2 |x|^2 g^2) g and lambda - e gamma^2 |x|^2 g^2 (4 - e lambda); what is printed has gamma for its square, and does not multiply the fall of the kernel by e.",
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
