import { erratum } from "@nonconvex/evidence"
import { printed } from "../support/Paper.ts"
import { at } from "../support/PrintedPlace.ts"
import { levels, weakMetricMargin } from "../support/WeakMetric.ts"
import { weakMetricCounterexample } from "../support/WeakMetricCounterexample.ts"

const squared = erratum({
  id: "dp-lowrank/squared-weak-metric",
  statement:
    "E |M-hat_k - M|_F^2 - |M_k - M|_F^2 is of order k d T where the gap condition holds, with a constant that does not know the level of the spectrum.",
  extent: { dimension: 20, rank: 3 },
  source: printed("Appendix H"),
  class: "theorem false",
  read: at("Appendix H"),
  instances: levels(),
  margin: ({ instance, kernels }) =>
    weakMetricMargin(instance, { kernels }, { power: 2, limit: 100, isGapped: true }),
  exact: weakMetricCounterexample,
  corrected: "dp-lowrank/weak-metric",
  explanation:
    "It grows like the level: lost eigenvalues of size L turn a rotation of order one into a loss of order L. At d = 20, k = 3 and a gap of 12 sqrt(T d) above d - k eigenvalues L it is 8 k d T at L = 0 and above 1,000 at L = 10,000. Without the squares the bound holds. That the constant may not depend on the level is how we read it.",
})

export const squaredWeakMetric = squared
