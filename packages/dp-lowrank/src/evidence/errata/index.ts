/** What the paper prints and arithmetic refutes, each with its smallest counterexample. */
import { erratum, type Erratum, Margin } from "@nonconvex/evidence"
import * as TruncationError from "../../theory/TruncationError.ts"
import { gapSquareMargin, twoByTwo } from "../claims/DysonCoefficient.ts"
import { errors } from "../claims/FirstOrderError.ts"
import { deliveredMargin, printedTargets } from "../claims/NoiseDelivers.ts"
import { rankMargin } from "../claims/RealPart.ts"
import { levels, weakMetricMargin } from "../claims/WeakMetric.ts"
import { orderMargin } from "../claims/WeylAndOrder.ts"
import { complexed, distancesOf } from "../support/Complexed.ts"
import { gapped } from "../support/Gapped.ts"
import { derived, printed, recalled } from "../support/Paper.ts"

const rank = erratum({
  id: "dp-lowrank/rank-of-the-output",
  statement: "The output Y = Re(V S_k V^*) of Algorithm 1 has rank at most k.",
  source: printed("Theorem 1 and its proof"),
  instances: complexed(),
  margin: rankMargin,
  corrected: "dp-lowrank/rank-of-the-real-part",
  explanation:
    "Re(v v^*) for v = (1, i) / sqrt 2 is I / 2, of rank 2; Y has rank 2k. Its own top k has rank k and is as near to M_k.",
})

const factor = erratum({
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

const coefficient = erratum({
  id: "dp-lowrank/dyson-coefficient-beta",
  statement:
    "With B(t) = W + W^*, whose diagonal has variance 4 t, the eigenvalues follow d g_i = dB_ii + beta sum dt / (g_i - g_j).",
  source: printed("equation (4)"),
  instances: twoByTwo,
  margin: (instance) => gapSquareMargin(instance, instance.beta),
  corrected: "dp-lowrank/dyson-coefficient",
  explanation:
    "At d = 2 the matrix has E gap^2 = m^2 + 8 (beta + 1) T, and the equation m^2 + (8 + 4 c) T: c is 2 beta. With c = beta real eigenvalues would collide.",
})

const gap = erratum({
  id: "dp-lowrank/gap-of-one-norm",
  statement:
    "A gap of 4 sqrt(T d), which is the norm of the noise, keeps sigma_k apart from sigma_{k+1} by Weyl's inequality.",
  source: printed("Theorem 2 and equation (29)"),
  instances: gapped(),
  margin: (instance, given) => orderMargin(instance, given, 0.99),
  corrected: "dp-lowrank/order-needs-twice-the-norm",
  explanation:
    "Noise that moves sigma_k down and sigma_{k+1} up by its norm closes a gap of twice the norm: the step needs 8 sqrt(T d), which Lemma 16 has.",
})

const borrowed = erratum({
  id: "dp-lowrank/upper-triangle-noise-under-replacement",
  statement:
    "Independent noise of variance T = 2 ln(1.25 / delta) / epsilon^2 on the upper triangle is (epsilon, delta)-private where a row is replaced.",
  source: recalled(
    "Mangoubi, Vishnoi 2023; Dwork, Talwar, Thakurta, Zhang 2014",
    "privacy of the Gaussian mechanism",
  ),
  instances: printedTargets("replace"),
  margin: deliveredMargin("upper-triangle-as-printed"),
  corrected: "dp-lowrank/noise-delivers",
  explanation:
    "That fact is about adding or removing a row, where matrices move by 1. Replacement moves them by sqrt 2: at (1, 1e-6) the noise delivers epsilon 1.138.",
})

const squared = erratum({
  id: "dp-lowrank/squared-weak-metric",
  statement: "E |M-hat_k - M|_F^2 - |M_k - M|_F^2 is of order k d T, whatever the spectrum.",
  source: printed("Appendix H"),
  instances: levels(),
  margin: (instance, given) => weakMetricMargin(instance, given, { power: 2, limit: 100 }),
  corrected: "dp-lowrank/weak-metric",
  explanation:
    "It grows like the level of the spectrum: lost eigenvalues of size L turn a rotation of order one into a loss of order L. Without the squares the bound holds.",
})

const vacuous = erratum({
  id: "dp-lowrank/explicit-constant",
  statement: "The bound (54), written out, is within a factor of 1e12 of the squared error.",
  source: printed("equation (54)"),
  instances: errors,
  /** The explicit constant of (54): log of b^2 1e6 k d T ratio^2 (log d)^3 log(sigma_1 + T) over the squared first-order error. */
  margin: ({ dimension: d, rank: k }) => {
    const log = Math.log(d)
    const logB = Math.log(1e6) + Math.log(log) * Math.log(log)
    const spectrum = Float64Array.from({ length: d }, (_, i) => (i < k ? 8 * Math.sqrt(d) : 0))
    const bound = Math.log(1e6 * k * d * log ** 3 * Math.log(8 * Math.sqrt(d) + 1)) + 2 * logB
    const actual = 2 * Math.log(TruncationError.firstOrderError(2, 4, spectrum, k))
    return Margin.atMost(bound - actual, Math.log(1e12))
  },
  corrected: "dp-lowrank/first-order-error",
  explanation:
    "Its constant is 1e6 b^2 with b = 1e6 (log d)^(log log d) or more: above 1e18. The first-order formula is within 30 %.",
})

export const errata: ReadonlyArray<Erratum> = [
  rank,
  factor,
  coefficient,
  gap,
  borrowed,
  squared,
  vacuous,
]
