/** Whole runs that claims and experiments have in common. Each pauses now and then, for those who let others run. */
import type { Method, MethodState } from "@nonconvex/problems/Method"
import { Effect } from "effect"
import * as Draws from "../../perturbation/Draws.ts"
import * as Flatness from "../../flatness/Flatness.ts"
import { type DiagonalNetwork, traceAtMinimum } from "../../problems/DiagonalNetwork.ts"
import { scalarModel } from "../../problems/ScalarModel.ts"
import { smoothedPerturbation } from "../../perturbation/SmoothedPerturbation.ts"
import * as Theory from "../../theory/Theory.ts"

export type Run<Result> = Generator<undefined, Result>

/** The result of a run without its pauses. */
export const atOnce = <Result>(run: Run<Result>): Result => {
  for (;;) {
    const { done, value } = run.next()
    if (done === true) return value
  }
}

/** The result of a run that lets other fibers run at its pauses. */
export const inTurns = Effect.fnUntraced(function* <Result>(
  run: Run<Result>,
): Effect.fn.Return<Result> {
  for (;;) {
    const { done, value } = run.next()
    if (done === true) return value
    yield* Effect.yieldNow
  }
})

/** Steps between two pauses. */
const pause = 5000

/** The accuracies of the claim flat-minima/steps-in-accuracy and of the experiment flat-minima/accuracy. */
export const accuracies = [0.2, 0.1, 0.05, 0.02, 0.01]

/** Steps of the smoothed perturbation on (x y - 1)^2 / 2 from (3, 1/3) until f <= eps and the residual is at most sqrt(eps). */
export function* stepsToFlat(eps: number, seed: number, radius = Math.sqrt(eps)): Run<number> {
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
    if (state.steps % pause === 0) yield
  }
}

/** Half of the trace at the dense minimum of `sparseRecovery`, from where the runs start. */
export const halfTrace = 27.6

export interface Crossing {
  readonly steps: number
  readonly largestLoss: number
}

/** Steps until the trace on the path is at most `target`, or until 3,000,000 are taken, and the largest loss on the way. */
export function* stepsToTrace(
  method: Method<MethodState, DiagonalNetwork>,
  network: DiagonalNetwork,
  start: Float64Array,
  target: number,
): Run<Crossing> {
  const state = method.init(network, start)
  let largestLoss = 0
  let steps = 0
  for (; steps < 3_000_000 && traceAtMinimum(network, state.point) > target; steps++) {
    largestLoss = Math.max(largestLoss, method.step(state))
    if (steps % pause === pause - 1) yield
  }
  return { steps, largestLoss }
}
