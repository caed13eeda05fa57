/** The constants of the theorems, from the constants of their lemmas. */
import { claim, Draw, Exact, Kind, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Theory from "../../theory/Theory.ts"
import { exactParts, type Constants } from "../support/ExactConstants.ts"
import { corrected } from "../support/Paper.ts"
import type { Drawn } from "../support/RandomProblem.ts"

const fields = {
  l: Draw.logarithmic(1, 100),
  D: Draw.logarithmic(1, 100),
  /** eps as a multiple of l D^2, and delta of l D. */
  gap: Draw.logarithmic(1, 0.01),
  delta: Draw.logarithmic(1e-3, 1e-6),
  L: Draw.logarithmic(1, 100),
  T: Draw.integer(1, 1000),
}

/** Bound of the lemmas, bound of the theorem, and the least ratio of the two. */
type Step = readonly [parts: number, whole: number, least: number]

/** Less than a step of rounding. */
const equal = 1 - 1e-9

/** Number of steps before the correction in Algorithm 2 and in a step of Algorithm 3. */
const stepsBeforeCorrection = (l: number, D: number, delta: number) => ({
  minimax: Theory.inexactExtragradientSteps(l, l, D, delta),
  proximal: Theory.proximalInnerSteps(l, D, delta),
})

/** Squared distance to the solution before the correction in Algorithm 2 and in a step of Algorithm 3. */
const beforeCorrection = (l: number, D: number, delta: number) => {
  const of = { delta, l: 2 * l, mu: l }
  const { minimax, proximal } = stepsBeforeCorrection(l, D, delta)
  return {
    minimax: Theory.inexactExtragradient(2 * D * D, { ...of, T: minimax }),
    proximal: Theory.inexactDescentAscent(2 * D * D, { ...of, T: proximal }),
  }
}

/** Theorems 4.6 and 4.8 at the largest strength, l: residuals and distances after the correction. */
const correctedSteps = ({ D, delta: share, l }: Drawn<typeof fields>) => {
  const delta = share * l * D
  const distances = beforeCorrection(l, D, delta)
  const constants = { beta: Theory.correction(2 * l), D, delta, l: 2 * l, mu: l }
  const minimax = Math.sqrt(distances.minimax)
  const proximal = Math.sqrt(distances.proximal)
  return {
    delta,
    minimaxResidual: Theory.correctedViResidual(minimax, constants),
    proximalResidual: Theory.correctedViResidual(proximal, constants),
    minimaxDistance: Theory.correctedDistance(minimax, constants),
    proximalDistance: Theory.correctedDistance(proximal, constants),
  }
}

/** The accuracies and the steps of the algorithms. */
const toldOf = (instance: Drawn<typeof fields>): Constants => {
  const { D, L, T, gap, l } = instance
  const eps = gap * l * D * D
  const delta = instance.delta * l * D
  const r = Theory.regularisation(eps, D)
  const apart = instance.delta * D
  const ofStart = Theory.minimisationAccuracyOfStart(eps, apart, D)
  const ofGame = Theory.minimaxAccuracyOfStart(eps, apart, D)
  const initial = Theory.initialGap(l, D, l)
  return {
    D,
    L,
    T,
    apart,
    delta,
    eps,
    gap,
    l,
    ofGame,
    ofStart,
    r,
    ofGradient: Theory.minimisationAccuracyOfGradient(eps, delta, D, l),
    ofProximal: Theory.proximalAccuracy(l, apart, T),
    acceleration: Theory.acceleratedSteps(l, r, Theory.initialGap(l, D, r), ofStart),
    extragradient: Theory.extragradientSteps(l, r, D, ofGame),
    inexactAcceleration: Theory.inexactAcceleratedSteps(l, l, initial, delta),
    ...stepsBeforeCorrection(l, D, delta),
    small: Theory.smallStepOfStart(l, apart, T),
  }
}

const steps = (instance: Drawn<typeof fields>): ReadonlyArray<Step> => {
  const after = correctedSteps(instance)
  const told = toldOf(instance)
  const { D, L, T, apart, delta, eps, gap, l, r, small } = told
  const { ofGame, ofGradient, ofProximal, ofStart } = told
  const { acceleration, extragradient, inexactAcceleration } = told
  const initial = Theory.initialGap(l, D, l)
  // where starts are so far apart that the step stays 1 / l, the bounds have as much room as one likes
  const isShortened = small < 1 / l
  const most = l * D * D
  return [
    // 3.3: the starts, and twice the distance that an accuracy leaves
    [
      Elementary.square(apart + 2 * Math.sqrt((2 * ofStart) / r)),
      Theory.minimisationDeviationOfStart(apart),
      equal,
    ],
    [
      Theory.initialGap(l, D, r) * Elementary.exp(-acceleration * Math.sqrt(r / (l + r))),
      ofStart,
      Elementary.exp(-1),
    ],
    // 3.5, from Proposition 3.4 at the largest strength, l
    [
      Theory.inexactAcceleratedGap(
        { gap: initial, distance: 0 },
        { delta, l: 2 * l, mu: l, T: inexactAcceleration },
      ),
      Theory.minimisationAccuracyOfGradient(most, delta, D, l),
      0.94,
    ],
    [(8 * ofGradient) / r, Theory.minimisationDeviationOfGradient(delta, l, r), equal],
    [ofGradient + (r / 2) * D * D, Theory.minimisationGapOfGradient(eps, delta, D, l), equal],
    // 4.4
    [
      Elementary.square(apart + 2 * Math.sqrt(ofGame / r)),
      Theory.minimaxDeviationOfStart(apart),
      0.72,
    ],
    [r * D * D + ofGame, Theory.minimaxGapOfStart(eps), 0.5],
    [
      (15 / Math.SQRT2) *
        (l + r) *
        D *
        Math.sqrt(
          Theory.inexactExtragradient(2 * D * D, { delta: 0, l: l + r, mu: r, T: extragradient }),
        ),
      ofGame,
      Elementary.exp(-1 / 16),
    ],
    // 4.6
    [after.minimaxResidual, Theory.minimaxGapOfGradient(l, D, most, delta) - most, 0.98],
    [
      4 * (after.minimaxDistance * after.minimaxDistance),
      Theory.minimaxDeviationOfGradient(D, most, delta),
      0.4,
    ],
    // 4.7, from Lemma C.6
    [
      Theory.proximalPointGap(2 * D * D, 1 / l, T, ofProximal),
      Theory.proximalGapOfStart(l, D, apart, T),
      equal,
    ],
    [
      Elementary.square(apart + 2 * T * Math.sqrt(ofProximal / l)),
      Theory.proximalDeviationOfStart(apart),
      0.64,
    ],
    // 4.8
    [after.proximalResidual, Theory.proximalGapOfGradient(l, D, delta, Infinity), 0.99],
    [
      4 * (after.proximalDistance * after.proximalDistance),
      Theory.proximalDeviationOfGradient(l, delta, 1),
      0.7,
    ],
    [
      Theory.proximalGapOfGradient(l, D, Theory.proximalErrorLimit(eps, D), (2 * most) / eps),
      eps,
      0.99,
    ],
    // B.6, from Lemma B.5
    [
      Elementary.pow(Theory.descentAscentExpansion(Theory.descentAscentStep(l, 1e6), l), 1e6),
      Theory.descentAscentDeviationOfStart(1),
      1 - 1e-6,
    ],
    // B.12, from Lemma B.9
    [Theory.extragradientExpansion(L, l, small) * T, L * apart, isShortened ? equal : 0],
    [
      Elementary.square(apart + T * Theory.extragradientExpansion(L, l, small)),
      Theory.smallStepOfStartBounds(small, D, L, apart, T).deviation,
      isShortened ? 0.25 : 0,
    ],
    // 5.1: the noise of T steps, expanded by e
    [
      2 * Math.E * (delta * delta) * T * Elementary.square(Theory.stochasticStep(l, gap, T)),
      Theory.stochasticDeviationBound(l, delta, gap, T),
      equal,
    ],
  ]
}

export const constantsFollowFromLemmas = claim({
  id: "reproducible-minimax/constants-follow-from-lemmas",
  statement:
    "The accuracies and steps of the algorithms, inserted into the bounds of the lemmas, give the gaps and deviations of Theorems 3.3, 3.5, 4.4, 4.6, 4.7, 4.8 and 5.1, B.6 and B.12. The slack is no more than each proof leaves.",
  source: Kind.identity(corrected("the constants of the theorems")),
  instances: Draw.record(fields),
  value: [1, Margin.all],
  /** Factor on the theorems' constants, and which of the margins is taken. */
  margin: ({ instance, value: [factor, of] }) =>
    of(
      ...steps(instance).map(([parts, whole, least]) =>
        Margin.all(
          Margin.atMost(parts, factor * whole, 1e-9),
          Margin.atLeast(parts, least * factor * whole, 1e-9),
        ),
      ),
    ),
  exactly: ({ instance, value: [factor, of] }) => {
    const all = of === Margin.all ? Exact.worst : Exact.mildest
    const slack = Exact.of("1e-9")
    const parts = exactParts(toldOf(instance))
    return all(
      ...steps(instance).map(([, whole, least], k) => {
        const most = Exact.multiply(Exact.of(factor), Exact.of(whole))
        const allowed = Exact.multiply(Exact.add(Exact.one, slack), most)
        const asked = Exact.product(Exact.subtract(Exact.one, slack), Exact.of(least), most)
        return Exact.worst(Exact.atMost(parts[k]!, allowed), Exact.atLeast(parts[k]!, asked))
      }),
    )
  },
  // the largest margin: all theorems at once
  controls: [
    { name: "a fifth of each", value: [0.2, Margin.any] },
    { name: "five times each", value: [5, Margin.any] },
    {
      name: "the printed constants of Theorems 4.6 and 4.8",
      margin: ({ instance }) => {
        const { delta, minimaxResidual, proximalResidual } = correctedSteps(instance)
        const unit = delta * instance.D
        return Margin.any(
          Margin.atMost(minimaxResidual, (33.7 + 4.25) * unit),
          Margin.atMost(proximalResidual, 21 * unit),
        )
      },
    },
  ],
})
