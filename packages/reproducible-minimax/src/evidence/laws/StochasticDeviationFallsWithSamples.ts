import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import { stochastic } from "../../oracle/InexactOracle.ts"
import { follow } from "../support/Follow.ts"
import { fields, outputs, pairs, summary } from "../support/NoisyGame.ts"
import { printed } from "../support/Paper.ts"
import { reproducibleMinimax } from "../support/Subject.ts"

export const stochasticDeviationFallsWithSamples = claim({
  id: "reproducible-minimax/stochastic-deviation-falls-with-samples",
  statement:
    "At fixed eps, sixteen times the samples make the expected deviation of SGDA a sixteenth: slope -1 in T, to 0.15 and five standard errors.",
  inFloatingPoint: "statistical",
  source: printed("Theorem 5.1, the rate in T"),
  subject: reproducibleMinimax,
  instances: Draw.record({
    ...fields,
    gap: Draw.linear(0.5, 0.4),
    delta: Draw.linear(0.1, 0.05),
    // inside of the ball the averages are not cut off
    curvature: Draw.oneOf(1),
    multiple: Draw.oneOf(1),
  }),
  margin: ({ instance, kernels, subject }) => {
    const at = (multiple: number) =>
      summary(pairs(outputs(subject, { ...instance, multiple }, { kernels }, 160).means))
    const [few, many] = [at(1), at(16)]
    const relative = few.error / few.mean + many.error / many.mean
    return Margin.equal(Elementary.log2(few.mean / many.mean), 4, {
      absolute: 0.6 + (5 * relative) / Math.LN2,
    })
  },
  controls: [
    {
      name: "steps that do not shrink with T",
      subject: (subject) => ({ ...subject, gradient: () => subject.gradient(0.3) }),
      margin: ({ instance, kernels, subject }) => {
        const last = (multiple: number) => {
          const { expanded } = outputs(subject, instance, { kernels }, 2)
          const oracle = stochastic(expanded.problem, expanded.stream("noise"), instance.delta)
          const runs = Array.from({ length: 80 }, () =>
            follow(subject.gradient(0.3), oracle, expanded.start, 8 * multiple).point.slice(),
          )
          return summary(pairs(runs)).mean
        }
        return Margin.equal(Elementary.log2(last(1) / last(16)), 4, { absolute: 1.5 })
      },
    },
  ],
})
