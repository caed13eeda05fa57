import { claim, Draw, Margin } from "@nonconvex/evidence"
import { solve } from "../../solve/Solve.ts"
import { same } from "../support/ChangedGame.ts"
import { derived } from "../support/Paper.ts"
import { fields, oracles } from "../support/RoundedOracles.ts"

export const float32PublishesTheSameBits = claim({
  id: "reproducible-minimax/float32-publishes-the-same-bits",
  statement:
    "A matrix game solved with float32 products and with float64 publishes the same bits. False alarms: the certified deviation of 1e-4 and the failure probability of 2 % allow two in a hundred; real rounding is a thousand times smaller.",
  inFloatingPoint: "bits",
  source: derived("the certificate, and dithered rounding"),
  instances: Draw.record({ ...fields, rows: Draw.integer(1, 5), columns: Draw.integer(1, 5) }),
  value: "published",
  margin: ({ instance, kernels, value: answer }) => {
    const { center, exact, root, rounding } = oracles(instance, { kernels })
    const options = { gap: 1, deviation: 1e-4, failure: 0.02, seed: root }
    const [one, two] = [exact, rounding["float32 products"]].map(
      (problem) => solve(problem, center, options)[answer].point,
    )
    return Margin.holds(same(one!, two!))
  },
  controls: [{ name: "the answers themselves, not rounded", value: "certified" }],
})
