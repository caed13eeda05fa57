import { claim, Draw, Exact, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Theory from "../../theory/Theory.ts"
import { games, onePair } from "../support/PairOfSteps.ts"
import { printed } from "../support/Paper.ts"
import * as Random from "../support/RandomProblem.ts"
import { mutant, reproducibleMinimax } from "../support/Subject.ts"

/** With what the margins allow to rounding: a billionth of the bound. */
const slack = Exact.of("1.000000001")

/** 1 + share a^2 l^2. */
interface Excess {
  readonly expansion: typeof Theory.descentAscentExpansion
  readonly share: number
}

const printedExcess: Excess = { expansion: Theory.descentAscentExpansion, share: 1 }

export const descentAscentExpansion = claim({
  id: "reproducible-minimax/descent-ascent-expansion",
  statement:
    "A simultaneous gradient descent-ascent step of size a on an l-smooth convex-concave game expands squared distances by at most 1 + a^2 l^2.",
  source: printed("Lemma B.5"),
  subject: reproducibleMinimax,
  instances: Draw.record(games),
  value: printedExcess,
  margin: ({ instance, kernels, subject, value: { expansion } }) => {
    const scheme = subject.gradient(instance.product)
    const { after, before } = onePair(Random.expand(instance, { kernels }), instance, scheme)
    const allowed = expansion(instance.product, 1) * before * before + 1e-15 * before
    return Margin.atMost(after * after, allowed, 1e-9)
  },
  exactly: ({ instance, kernels, subject, value: { share } }) => {
    const scheme = subject.gradient(instance.product)
    const pair = onePair(Random.expand(instance, { kernels }), instance, scheme)
    const { after, before } = pair.exactly()
    const excess = Exact.multiply(Exact.of(share), Exact.square(Exact.of(instance.product)))
    const allowed = Exact.multiply(Exact.add(Exact.one, excess), before)
    const rounding = Exact.multiply(Exact.of("1e-15"), Exact.sqrt(before))
    return Exact.atMost(after, Exact.multiply(slack, Exact.add(allowed, rounding)))
  },
  controls: [
    {
      name: "half of the excess",
      value: { expansion: (a, l) => 1 + Elementary.square(a * l) / 2, share: 1 / 2 },
    },
    mutant("a step that is twice as long", (subject) => ({
      gradient: (length) => subject.gradient(2 * length),
    })),
  ],
})
