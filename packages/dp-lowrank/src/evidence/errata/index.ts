/** What the paper prints and arithmetic refutes, each with its smallest counterexample. */
import { type Erratum, erratum, Margin } from "@nonconvex/evidence"
import * as Mechanism from "../../noise/Mechanism.ts"
import { deliveredMargin, printedTargets } from "../claims/Accounting.ts"
import { gapSquareMargin, twoByTwo } from "../claims/Dyson.ts"
import { errors, explicitConstantMargin, levels, weakMetricMargin } from "../claims/ErrorLaws.ts"
import { derived, printed, recalled } from "../support/Paper.ts"
import { gapped, orderMargin } from "../claims/Perturbation.ts"
import { complexed, distancesOf, outputsOf, rankOf } from "../claims/Truncation.ts"

const rank = erratum({
  id: "dp-lowrank/rank-of-the-output",
  statement: "The output Y = Re(V S_k V^*) of Algorithm 1 has rank at most k.",
  source: printed("Theorem 1 and its proof"),
  instances: complexed(),
  margin: (instance) =>
    Margin.holds(rankOf(outputsOf(instance).real, instance.dimension) <= instance.rank),
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
  margin: (instance) => {
    const { real, whole } = distancesOf(instance)
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
  instances: twoByTwo(),
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
  margin: (instance) => orderMargin(instance, 0.99),
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
  margin: deliveredMargin(Mechanism.upperTriangleAsPrinted),
  corrected: "dp-lowrank/noise-delivers",
  explanation:
    "That fact is about adding or removing a row, where matrices move by 1. Replacement moves them by sqrt 2: at (1, 1e-6) the noise delivers epsilon 1.138.",
})

const squared = erratum({
  id: "dp-lowrank/squared-weak-metric",
  statement: "E |M-hat_k - M|_F^2 - |M_k - M|_F^2 is of order k d T, whatever the spectrum.",
  source: printed("Appendix H"),
  instances: levels(),
  margin: (instance) => weakMetricMargin(instance, 2, 100),
  corrected: "dp-lowrank/weak-metric",
  explanation:
    "It grows like the level of the spectrum: lost eigenvalues of size L turn a rotation of order one into a loss of order L. Without the squares the bound holds.",
})

const vacuous = erratum({
  id: "dp-lowrank/explicit-constant",
  statement: "The bound (54), written out, is within a factor of 1e12 of the squared error.",
  source: printed("equation (54)"),
  instances: errors(),
  margin: explicitConstantMargin,
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
