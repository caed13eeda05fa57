/** Appendix H: the excess error in the norm, and in its square, at any level of the spectrum. */
import { claim, Draw } from "@nonconvex/evidence"
import { corrected } from "../support/Paper.ts"
import { levels, weakMetricMargin } from "../support/WeakMetric.ts"

export const weakMetric = claim({
  id: "dp-lowrank/weak-metric",
  statement:
    "E |M-hat_k - M|_F - |M_k - M|_F is at most 3 sqrt(k d T) at every level of the spectrum.",
  inFloatingPoint: "statistical",
  extent: { dimension: 20, rank: 3 },
  source: corrected("Appendix H, without the square"),
  instances: levels(),
  value: { power: 1, limit: 3 },
  margin: ({ instance, kernels, value }) => weakMetricMargin(instance, { kernels }, value),
  controls: [
    {
      name: "squared, as printed",
      value: { power: 2, limit: 30 },
      instances: levels(Draw.oneOf(10_000, 1000)),
    },
  ],
})
