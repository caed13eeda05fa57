/** Whole runs that claims and experiments share. */
import type { Method, MethodState } from "@nonconvex/problems/Method"
import * as Draws from "../../perturbation/Draws.ts"
import * as Flatness from "../../flatness/Flatness.ts"
import { settle } from "../../minima/Settle.ts"
import {
  type DiagonalNetwork,
  sparseRecovery,
  traceAtMinimum,
} from "../../problems/DiagonalNetwork.ts"
import { scalarModel } from "../../problems/ScalarModel.ts"
import { smoothedPerturbation } from "../../perturbation/SmoothedPerturbation.ts"
import * as Theory from "../../theory/Theory.ts"

/** Median; the upper of the two middle numbers if their count is even. */
export const median = (values: ReadonlyArray<number>): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!

/** Options of both algorithms on diagonal networks. */
export const options = (
  { learningRate, radius }: { readonly learningRate: number; readonly radius: number },
  seed: number,
) => ({
  learningRate,
  plainLearningRate: 0.01,
  radius,
  gradientThreshold: 1,
  draws: Draws.published(seed),
})

/** Accuracies of the claim flat-minima/steps-in-accuracy and of the experiment flat-minima/accuracy. */
export const accuracies = [0.2, 0.1, 0.05, 0.02, 0.01]

/** Steps of the smoothed perturbation on (x y - 1)^2 / 2 from (3, 1/3) until f <= eps and the residual is <= sqrt(eps). */
export const stepsToFlat = (eps: number, seed: number, radius = Math.sqrt(eps)): number => {
  const hyperbola = scalarModel()
  const gradient = new Float64Array(2)
  const method = smoothedPerturbation({
    learningRate: eps,
    plainLearningRate: 0.05,
    radius,
    gradientThreshold: 4 * eps,
    draws: Draws.published(seed),
  })
  const state = method.init(hyperbola, Float64Array.of(3, 1 / 3))
  for (;;) {
    const lossGap = hyperbola.valueAndGradient(state.point, gradient)
    const residual = Theory.factorisation.residual(state.point[0]!, state.point[1]!)
    if (Flatness.isFlat({ lossGap, residual }, eps, Math.sqrt(eps))) return state.steps
    method.step(state)
  }
}

/** The published recovery problem, with the dense minimum at which its runs start. */
export const recovery = () => {
  const { network, start } = sparseRecovery()
  const dense = settle(network, start, { learningRate: 0.01, tolerance: 1e-13 }).point
  return { network, dense }
}

/** Half of the trace at the dense minimum of `recovery`. */
export const halfTrace = 27.6

interface Crossing<State> {
  readonly steps: number
  readonly largestLoss: number
  /** Final state of the run. */
  readonly state: State
}

/** Steps until the trace on the path is at most `target`, at most 3,000,000, and the largest loss on the way. */
export const stepsToTrace = <State extends MethodState>(
  method: Method<State, DiagonalNetwork>,
  network: DiagonalNetwork,
  start: Float64Array,
  target: number,
): Crossing<State> => {
  const state = method.init(network, start)
  let largestLoss = 0
  let steps = 0
  for (; steps < 3_000_000 && traceAtMinimum(network, state.point) > target; steps++) {
    largestLoss = Math.max(largestLoss, method.step(state))
  }
  return { steps, largestLoss, state }
}
