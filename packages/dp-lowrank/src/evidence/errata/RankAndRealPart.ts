/** What the paper says of Y = Re M-hat_k, and arithmetic refutes. */
import { erratum, Margin } from "@nonconvex/evidence"
import { complexed, distancesOf } from "../support/Complexed.ts"
import { rankMargin } from "../claims/RealPart.ts"
import { derived, printed } from "../support/Paper.ts"

export const rank = erratum({
  id: "dp-lowrank/rank-of-the-output",
  statement: "The output Y = Re(V S_k V^*) of Algorithm 1 has rank at most k.",
  source: printed("Theorem 1 and its proof"),
  instances: complexed(),
  margin: rankMargin,
  corrected: "dp-lowrank/rank-of-the-real-part",
  explanation:
    "Re(v v^*) for v = (1, i) / sqrt 2 is I / 2, of rank 2; Y has rank 2k. Its own top k has rank k and is as near to M_k.",
})

export const factor = erratum({
  id: "dp-lowrank/real-part-doubles-the-error",
  statement:
    "Taking the real part costs accuracy, for which the proof allows a factor of 2: |Y - M_k|_F is above |M-hat_k - M_k|_F.",
  source: derived("what the factor 2 in the proof of Theorem 1 suggests"),
  instances: complexed(),
  margin: (instance, given) => {
    const { real, whole } = distancesOf(instance, given)
    return Margin.atLeast(real, whole)
  },
  corrected: "dp-lowrank/real-part-is-no-further",
  explanation:
    "M_k is real, so |M-hat_k - M_k|^2 = |Y - M_k|^2 + |Im M-hat_k|^2: the real part is nearer, never further, and no factor is needed.",
})
