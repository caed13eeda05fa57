/** What the paper prints and arithmetic refutes, each with its smallest counterexample. The proceedings were read in full. */
import { erratum, type Erratum } from "@nonconvex/evidence"
import { gapSquareMargin, twoByTwo } from "../claims/DysonFlow.ts"
import { rankMargin } from "../claims/ComplexMatrices.ts"
import { levels, weakMetricMargin } from "../claims/WeakMetric.ts"
import { exactOrder, orderMargin } from "../claims/KnownNoise.ts"
import { complexed } from "../support/Complexed.ts"
import { gapped } from "../support/Gapped.ts"
import { printed } from "../support/Paper.ts"
import { dysonCounterexample, exactDyson } from "./DysonCounterexample.ts"
import { gapCounterexample } from "./GapCounterexample.ts"
import { rankCounterexample } from "./RankCounterexample.ts"
import { weakMetricCounterexample } from "./WeakMetricCounterexample.ts"

/** In the proceedings, PMLR 195. */
const at = (place: string) => ({ as: "printed", place: `PMLR 195, ${place}` }) as const

const rank = erratum({
  id: "dp-lowrank/rank-of-the-output",
  statement: "The output Y = Re(V S_k V^*) of Algorithm 1 has rank at most k.",
  source: printed("Theorem 1 and its proof"),
  class: "theorem false",
  read: at("Theorem 1 and its proof"),
  instances: complexed(),
  margin: ({ instance, kernels }) => rankMargin(instance, { kernels }),
  exact: rankCounterexample,
  corrected: "dp-lowrank/rank-of-the-real-part",
  explanation:
    "Re(v v^*) for v = (1, i) / sqrt 2 is I / 2, of rank 2; Y has rank 2k. Its own top k has rank k and is as near to M_k.",
})

const coefficient = erratum({
  id: "dp-lowrank/dyson-coefficient-beta",
  statement:
    "With B(t) = W + W^*, whose diagonal has variance 4 t, the eigenvalues follow d g_i = dB_ii + beta sum dt / (g_i - g_j).",
  source: printed("equation (4)"),
  class: "slip",
  read: at("equation (4)"),
  instances: twoByTwo,
  margin: ({ instance }) => gapSquareMargin(instance, instance.beta),
  exactly: ({ instance }) => exactDyson(instance),
  exact: dysonCounterexample,
  corrected: "dp-lowrank/dyson-coefficient",
  explanation:
    "At d = 2 the matrix has E gap^2 = m^2 + 8 (beta + 1) T, and the equation m^2 + (8 + 4 c) T: c is 2 beta. With c = beta real eigenvalues would collide.",
})

const gap = erratum({
  id: "dp-lowrank/gap-of-one-norm",
  statement:
    "A gap of 4 sqrt(T d), which is the norm of the noise, keeps sigma_k apart from sigma_{k+1} by Weyl's inequality.",
  source: printed("Theorem 2 and equation (29)"),
  class: "gap in a proof",
  read: at("equation (29), for the gap that Theorem 2 assumes"),
  instances: gapped(),
  margin: ({ instance, kernels }) => orderMargin(instance, { kernels }, 0.99),
  exactly: ({ instance, kernels }) => exactOrder(instance, { kernels }, 0.99),
  exact: gapCounterexample,
  corrected: "dp-lowrank/order-needs-twice-the-norm",
  explanation:
    "Noise that moves sigma_k down and sigma_{k+1} up by its norm closes a gap of twice the norm: the step needs 8 sqrt(T d), which Lemma 16 has. This refutes the step, by noise that was made to swap the two; it does not refute Theorem 2, whose noise is random, and whose bound was seen to hold at 4 sqrt(T d).",
})

const squared = erratum({
  id: "dp-lowrank/squared-weak-metric",
  statement:
    "E |M-hat_k - M|_F^2 - |M_k - M|_F^2 is of order k d T where the gap condition holds, with a constant that does not know the level of the spectrum.",
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

export const errata: ReadonlyArray<Erratum> = [rank, coefficient, gap, squared]
