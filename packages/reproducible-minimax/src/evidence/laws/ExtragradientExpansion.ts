import { claim, Draw, Exact, Margin } from "@nonconvex/evidence"
import * as Theory from "../../theory/Theory.ts"
import { games, onePair } from "../support/PairOfSteps.ts"
import { printed } from "../support/Paper.ts"
import * as Random from "../support/RandomProblem.ts"
import { mutant, reproducibleMinimax } from "../support/Subject.ts"

/** With what the margins allow to rounding: a billionth of the bound. */
const slack = Exact.of("1.000000001")

export const extragradientExpansion = claim({
  id: "reproducible-minimax/extragradient-expansion",
  statement:
    "An extragradient step of size a <= 1 / l adds at most 2 L l^2 a^3 to the distance of two runs, L a bound on the operator.",
  source: printed("Lemma B.9"),
  subject: reproducibleMinimax,
  instances: Draw.record(games),
  value: 1,
  margin: ({ instance, kernels, subject, value: factor }) => {
    const expanded = Random.expand(instance, { kernels })
    const { after, before } = onePair(expanded, instance, subject.extragradient(instance.product))
    const L = Random.largestAnswer(expanded)
    const more = factor * Theory.extragradientExpansion(L, 1, instance.product)
    return Margin.atMost(after, before + more + 1e-14, 1e-9)
  },
  exactly: ({ instance, kernels, subject, value: factor }) => {
    const expanded = Random.expand(instance, { kernels })
    const pair = onePair(expanded, instance, subject.extragradient(instance.product))
    const { after, before } = pair.exactly()
    const a = Exact.of(instance.product)
    const L = Exact.of(Random.largestAnswer(expanded))
    const more = Exact.product(Exact.of(2 * factor), L, a, a, a)
    const most = Exact.sum(Exact.sqrt(before), more, Exact.of("1e-14"))
    return Exact.atMost(Exact.sqrt(after), Exact.multiply(slack, most))
  },
  controls: [
    {
      ...mutant("a gradient descent-ascent step in its place, twice as long", (subject) => ({
        extragradient: (a) => subject.gradient(2 * a),
      })),
      instances: Draw.record({
        ...games,
        curvature: Draw.oneOf(0),
        product: Draw.linear(0.05, 0.02),
        apart: Draw.logarithmic(1, 0.1),
      }),
    },
  ],
})
