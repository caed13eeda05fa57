import { claim, Draw, Kind, Margin } from "@nonconvex/evidence"
import { gradientMethod } from "@nonconvex/problems/GradientMethod"
import { sgd } from "@nonconvex/problems/Sgd"
import * as Observe from "../support/Observe.ts"
import { derived } from "../support/Paper.ts"
import { expand, randomConvex } from "../support/RandomLoss.ts"
import { optimSam, type Subject } from "../support/Subject.ts"

const tinyRadius = (subject: Subject): Subject => ({
  sam: (radius, rate) => subject.sam(radius + 1e-9, rate),
  usam: (radius, rate) => subject.usam(radius + 1e-9, rate),
})

/** Radius 0 needs no special case. */
export const zeroRadiusIsGradientDescent = claim({
  id: "optim-sam/zero-radius-is-gradient-descent",
  statement: "With radius 0 both SAM and USAM are gradient descent, bit for bit.",
  inFloatingPoint: "bits",
  source: Kind.identity(derived("definitions of SAM and USAM")),
  subject: optimSam,
  instances: Draw.record({ problem: randomConvex(), product: Draw.linear(1, 0.1) }),
  margin: ({ instance: { problem, product }, kernels, subject }) => {
    const { beta, objective, start } = expand(problem, kernels)
    const learningRate = product / beta
    const descent = gradientMethod(sgd({ learningRate }))
    const expected = Observe.after(descent, objective, start, 5)
    const isSame = (make: Subject["sam"]) =>
      Observe.after(make(0, learningRate), objective, start, 5).every((w, i) =>
        Object.is(w, expected[i]),
      )
    return Margin.holds(isSame(subject.sam) && isSame(subject.usam))
  },
  controls: [{ name: "a radius of 1e-9", subject: tinyRadius }],
})
