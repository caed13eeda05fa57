/**
 * Gradient descent with a controlled learning rate, its spikes counted, until it fits or is lost.
 *
 * Source: the paper's experiment of several catapults (as recalled); stopping at equal training loss is derived here, for a
 * comparison at equal steps would favour the larger rate.
 */
import * as Require from "@nonconvex/numerics/Require"
import type { Descent } from "./Descent.ts"
import { isLost, RunDiverged } from "./RunDiverged.ts"
import type { RateControl } from "./RateControl.ts"
import { type Spike, type SpikeOptions, spikeDetector } from "../monitor/Spikes.ts"

export type Outcome = "running" | "fitted" | "budget" | "diverged"

/** A run, advanced step by step. */
export interface CatapultDescent {
  /** Takes a step, unless the run is over. */
  readonly step: () => void
  readonly outcome: () => Outcome
  /** Steps taken. */
  readonly steps: () => number
  /** Loss before the last step. */
  readonly loss: () => number
  readonly learningRate: () => number
  /** As last measured; NaN before. */
  readonly criticalRate: () => number
  /** Spikes that are over, and one that is not. */
  readonly spikes: () => ReadonlyArray<Spike>
  /** Why the run was lost. */
  readonly failure: () => RunDiverged | undefined
}

export interface CatapultOptions extends SpikeOptions {
  readonly control: RateControl
  /** Fitted at this loss, once every raise is done and its spike over; default 1e-3. */
  readonly tolerance?: number
  /** Default 6000. */
  readonly budget?: number
}

/** A run of `descent`. Throws InvalidInput on options out of range; `step` throws ZeroKernel where no rate is critical. */
export const catapultDescent = (descent: Descent, options: CatapultOptions): CatapultDescent => {
  const { budget = 6000, control, tolerance = 1e-3 } = options
  Require.positive("catapultDescent", "tolerance", tolerance)
  Require.count("catapultDescent", "budget", budget)
  const detector = spikeDetector(options)
  const rates = control.begin()
  const spikes: Array<Spike> = []
  let outcome: Outcome = "running"
  let steps = 0
  let loss = Number.NaN
  let first = Number.NaN
  let rate = Number.NaN
  let critical = Number.NaN
  let raised = 0
  let raisedAt = 0
  let failure: RunDiverged | undefined

  const measure = () => (critical = descent.criticalRate())

  return {
    step: () => {
      if (outcome !== "running") return
      loss = descent.evaluate()
      if (steps === 0) first = loss
      const spike = detector.observe(steps, loss)
      if (spike?.onset !== undefined) spikes.push(spike)
      // before any eigenvalue: a kernel that overflowed has none
      if (isLost(loss, first)) {
        outcome = "diverged"
        failure = new RunDiverged({ step: steps, loss, learningRate: rate, ratio: rate / critical })
        return
      }
      const open = detector.current()
      rate = rates.next(steps, { criticalRate: measure, isAbove: open !== undefined })
      if (rates.raised() > raised) {
        raised = rates.raised()
        raisedAt = steps
      }
      // a spike takes some steps to show after the raise
      const isSettled = raised >= control.planned && (raised === 0 || steps > raisedAt + settling)
      if (isSettled && open === undefined && loss < tolerance) {
        outcome = "fitted"
        return
      }
      if (steps >= budget) {
        outcome = "budget"
        return
      }
      descent.move(rate)
      steps++
    },
    outcome: () => outcome,
    steps: () => steps,
    loss: () => loss,
    learningRate: () => rate,
    criticalRate: () => critical,
    spikes: () => {
      const open = detector.current()
      return open?.onset === undefined ? spikes : [...spikes, open]
    },
    failure: () => failure,
  }
}

/** Steps after the last raise before the run may end: a forced spike opens some twenty steps after it. */
const settling = 60
