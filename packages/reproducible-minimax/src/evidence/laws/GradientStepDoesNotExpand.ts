import { claim, Draw, Exact, Margin } from "@nonconvex/evidence"
import { onePair, step } from "../support/PairOfSteps.ts"
import { recalled } from "../support/Paper.ts"
import * as Random from "../support/RandomProblem.ts"
import { reproducibleMinimax } from "../support/Subject.ts"

/** With what the margins allow to rounding: a billionth of the bound. */
const slack = Exact.of("1.000000001")

const descents = { ...Random.quadraticFields, ...step, product: Draw.linear(2, 0.01) }

export const gradientStepDoesNotExpand = claim({
  id: "reproducible-minimax/gradient-step-does-not-expand",
  statement:
    "A gradient step of at most 2 / l on an l-smooth convex objective does not expand distances.",
  source: recalled("gradient descent, section 3"),
  subject: reproducibleMinimax,
  instances: Draw.record(descents),
  margin: ({ instance, subject }) => {
    const scheme = subject.gradient(instance.product)
    const { after, before } = onePair(Random.expandQuadratic(instance), instance, scheme)
    return Margin.atMost(after, before + 1e-14, 1e-9)
  },
  exactly: ({ instance, subject }) => {
    const scheme = subject.gradient(instance.product)
    const pair = onePair(Random.expandQuadratic(instance), instance, scheme)
    const { after, before } = pair.exactly()
    const most = Exact.add(Exact.sqrt(before), Exact.of("1e-14"))
    return Exact.atMost(Exact.sqrt(after), Exact.multiply(slack, most))
  },
  controls: [
    {
      name: "steps above 2 / l",
      instances: Draw.record({ ...descents, product: Draw.linear(2.5, 4) }),
    },
  ],
})
