/**
 * Gradient descent with a controlled learning rate, its spikes counted, until it fits or is lost.
 *
 * Source: the paper's experiment of several catapults (as recalled); stopping at equal training loss is derived here, for a
 * comparison at equal steps would favour the larger rate.
 */
import * as Require from "@nonconvex/numerics/Require"
import type { Descent } from "./Descent.ts"
import {
  failureOf,
  freshRun,
  isLost,
  type Outcome,
  type RunDiverged,
  type RunState,
} from "./RunDiverged.ts"
import type { RateControl, RateState } from "./RateControl.ts"
import { type Spike, type SpikeOptions, spikeDetector } from "../monitor/Spikes.ts"

/** What a run remembers: plain data, that its steps change in place; the loss is that before the last step. */
interface CatapultState extends RunState {
  /** Of the descent. */
  readonly descent: object
  readonly rates: RateState
  learningRate: number
  /** As last measured; NaN before. */
  criticalRate: number
  /** Raises so far, and the step of the last. */
  raised: number
  raisedAt: number
}

/** A run, advanced step by step. */
export interface CatapultDescent {
  /** All that the steps to come depend on. */
  readonly state: CatapultState
  /** Takes a step, unless the run is over, and returns the loss before it. Throws ZeroKernel where no rate is critical. */
  readonly step: () => number
  /** Spikes that are over, and one that is not. */
  readonly spikes: () => ReadonlyArray<Spike>
  /** Why the run was lost. */
  readonly failure: () => RunDiverged | undefined
}

export interface CatapultOptions extends SpikeOptions {
  readonly control: RateControl
  /** Fitted at this loss, once every raise is done and its spike over; default 1e-3. */
  readonly tolerance?: number
  /** Most steps; default 6000. */
  readonly budget?: number
}

/** Steps after the last raise before the run may end: a forced spike opens some twenty steps after it. */
const settling = 60

/**
 * A run of `descent` at the rates of `control`. Throws InvalidInput on options out of range; `step` throws ZeroKernel where no rate is
 * critical.
 *
 * @example
 * ```ts import.meta.vitest
 * import { catapultDescent, descentOf, milestones, ntkArchitecture, ntkNetwork, sumSquared } from "@nonconvex/catapults"
 *
 * const architecture = ntkArchitecture({ widths: [1] }) // one weight, f(x) = w x
 * const network = ntkNetwork({ architecture, features: Float64Array.of(1) })
 * const descent = descentOf(network, sumSquared(Float64Array.of(2)), Float64Array.of(0))
 * const run = catapultDescent(descent, { control: milestones([[0, 0.5]]) })
 * while (run.state.outcome === "running") run.step()
 * run.state.steps // => 6
 * ```
 */
export const catapultDescent = (descent: Descent, options: CatapultOptions): CatapultDescent => {
  const { budget = 6000, control, tolerance = 1e-3 } = options
  Require.positive("catapultDescent", "tolerance", tolerance)
  Require.count("catapultDescent", "budget", budget)
  const detector = spikeDetector(options)
  const state: CatapultState = {
    ...freshRun(detector.state),
    descent: descent.state,
    rates: control.init(),
    learningRate: Number.NaN,
    criticalRate: Number.NaN,
    raised: 0,
    raisedAt: 0,
  }

  const measure = () => (state.criticalRate = descent.criticalRate())

  const takeLoss = (): number => {
    const loss = descent.evaluate()
    state.loss = loss
    if (state.steps === 0) state.first = loss
    const ended = detector.observe(state.steps, loss)
    if (ended?.onset !== undefined) state.spikes.push(ended)
    return loss
  }

  const takeRate = (isAbove: boolean) => {
    const { rates, steps } = state
    state.learningRate = control.next(rates, steps, { criticalRate: measure, isAbove })
    if (rates.raised > state.raised) {
      state.raised = rates.raised
      state.raisedAt = steps
    }
  }

  /** Every raise is done, and had time to show. */
  const isSettled = () => {
    const { raised, raisedAt, steps } = state
    return raised >= control.planned && (raised === 0 || steps > raisedAt + settling)
  }

  const judge = (isAbove: boolean): Outcome => {
    if (isSettled() && !isAbove && state.loss < tolerance) return "fitted"
    return state.steps >= budget ? "budget" : "running"
  }

  return {
    state,
    step: () => {
      if (state.outcome !== "running") return state.loss
      const loss = takeLoss()
      // before any eigenvalue: a kernel that overflowed has none
      if (isLost(loss, state.first)) {
        state.outcome = "diverged"
        return loss
      }
      const isAbove = detector.current() !== undefined
      takeRate(isAbove)
      state.outcome = judge(isAbove)
      if (state.outcome === "running") {
        descent.move(state.learningRate)
        state.steps++
      }
      return loss
    },
    spikes: () => {
      const open = detector.current()
      return open?.onset === undefined ? state.spikes : [...state.spikes, open]
    },
    failure: () => failureOf(state, state.learningRate, state.learningRate / state.criticalRate),
  }
}
