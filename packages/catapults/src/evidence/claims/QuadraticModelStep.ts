import { claim, Draw, Margin } from "@nonconvex/evidence"
import { corrected } from "../support/Paper.ts"
import { exactGeneral, generalMargin, printedMargin } from "../support/QuadraticSteps.ts"

/** Corrects the erratum `catapults/quadratic-kernel-as-printed`. */
export const quadraticModelStep = claim({
  id: "catapults/quadratic-model-step",
  statement:
    "Let e = 2 c eta and G_i = H_i J' r. A gradient step on a quadratic model moves the outputs by - e K r + e^2 G J' r / 2. It moves the tangent kernel by - e (J G' + G J') + e^2 G G'. The printed change of the kernel is that of half the step, and not symmetric.",
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
