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
  neverLost,
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
  /**
   * Takes `count` steps, unless the run is over before, as if by `step`: those at a rate that is held are one call of `Descent.advance`. Returns the loss before the last one. Throws
   * InvalidInput on another count than 0, 1, 2, ..., and as `step`.
   */
  readonly advance: (count: number) => number
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

/** Steps of one call at most: as many losses wait until they are looked at. */
const longest = 256

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
 * while (run.state.outcome === "running") run.advance(1000) // or step by step: run.step()
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

  const takeLoss = (loss: number) => {
    state.loss = loss
    if (state.steps === 0) state.first = loss
    const ended = detector.observe(state.steps, loss)
    if (ended?.onset !== undefined) state.spikes.push(ended)
  }

  const takeRate = (isAbove: boolean) => {
    const { rates, steps } = state
    state.learningRate = control.next(rates, steps, { criticalRate: measure, isAbove })
    if (rates.raised > state.raised) {
      state.raised = rates.raised
      state.raisedAt = steps
    }
  }

  /** The step from which on every raise is done, and had time to show. */
  const settledFrom = () => {
    const { raised, raisedAt } = state
    if (raised < control.planned) return Infinity
    return raised === 0 ? 0 : raisedAt + settling + 1
  }

  const judge = (isAbove: boolean): Outcome => {
    if (state.steps >= settledFrom() && !isAbove && state.loss < tolerance) return "fitted"
    return state.steps >= budget ? "budget" : "running"
  }

  const look = (loss: number): Outcome => {
    takeLoss(loss)
    // before any eigenvalue: a kernel that overflowed has none
    if (isLost(loss, state.first)) return "diverged"
    const isAbove = detector.current() !== undefined
    takeRate(isAbove)
    return judge(isAbove)
  }

  /** Whether there was a step to take. */
  const takeAlone = (): boolean => {
    if (state.outcome === "running") state.outcome = look(descent.evaluate())
    if (state.outcome !== "running") return false
    descent.move(state.learningRate)
    state.steps++
    return true
  }

  const losses = new Float64Array(longest)

  /** Takes the steps from here to the step `end` of which none can change the rate or end the run. */
  const takeHeld = (end: number) => {
    const { learningRate, rates, steps } = state
    const settled = settledFrom()
    const isSettled = steps >= settled
    const until = Math.min(
      end,
      budget,
      steps + longest,
      isSettled ? Infinity : settled,
      control.heldUntil?.(rates, steps) ?? steps,
    )
    const taken = descent.advance(Math.max(0, until - steps), learningRate, losses, {
      // a loss that may fit is looked at alone
      above: isSettled ? tolerance : 0,
      atMost: neverLost,
    })
    for (let k = 0; k < taken; k++) {
      look(losses[k]!)
      state.steps++
    }
  }

  return {
    state,
    step: () => {
      takeAlone()
      return state.loss
    },
    advance: (count) => {
      Require.count("CatapultDescent.advance", "count", count, 0)
      const end = state.steps + count
      while (state.steps < end && takeAlone()) takeHeld(end)
      return state.loss
    },
    spikes: () => {
      const open = detector.current()
      return open?.onset === undefined ? state.spikes : [...state.spikes, open]
    },
    failure: () => failureOf(state, state.learningRate, state.learningRate / state.criticalRate),
  }
}
