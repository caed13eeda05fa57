/**
 * Gradient descent with a controlled learning rate, with a count of its spikes, until it fits or diverges.
 *
 * Source: the paper's experiment of several catapults (as recalled). Stopping at equal training loss is derived here, since a
 * comparison at equal steps would favour the larger rate.
 */
import * as Require from "@nonconvex/numerics/Require"
import type { Method, MethodState } from "@nonconvex/problems/Method"
import {
  type Spike,
  type SpikeDetector,
  type SpikeOptions,
  spikeDetector,
} from "../monitor/Spikes.ts"
import type { Training } from "../network/Model.ts"
import { type Descent, descentOf, type Placed } from "./Descent.ts"
import type { RateControl, RateState } from "./RateControl.ts"
import { freshRun, isLost, type Outcome, type RunState } from "./RunDiverged.ts"

/**
 * State of a run: arrays that its steps change in place, and its fixed inputs. The loss is the loss before the last
 * step.
 */
export interface CatapultState extends MethodState, RunState {
  status: MethodState["status"]
  readonly descent: Descent
  /** State of the descent. */
  readonly moved: object
  readonly watch: SpikeDetector
  readonly rates: RateState
  /** Last measured value; NaN before the first measurement. */
  criticalRate: number
  /** Raises so far, and the step of the last. */
  raised: number
  raisedAt: number
}

export interface CatapultOptions extends SpikeOptions {
  readonly control: RateControl
  /** Loss at which a run counts as fitted, after all raises and their spikes; default 1e-3. */
  readonly tolerance?: number
  /** Maximum number of steps; default 6000. */
  readonly budget?: number
}

/** Steps that a run must continue after the last raise: a forced spike opens about twenty steps after the raise. */
const settling = 60

/** Spikes of a run: those that have ended, and the current one. */
export const spikesIn = ({ spikes, watch }: CatapultState): ReadonlyArray<Spike> => {
  const open = watch.current()
  return open?.onset === undefined ? spikes : [...spikes, open]
}

/**
 * Gradient descent of a model at the rates of `control`, in the cheaper form of its steps. A run is over when its `outcome` is no longer "running": further steps change
 * nothing. Throws InvalidInput on options out of range; `step` throws ZeroKernel where no rate is critical.
 *
 * @example
 * ```ts import.meta.vitest
 * import { catapultDescent, meanSquared, milestones, ntkArchitecture, ntkNetwork } from "@nonconvex/catapults"
 * import { advance } from "@nonconvex/problems"
 *
 * const architecture = ntkArchitecture({ widths: [1] }) // one weight, f(x) = w x
 * const model = ntkNetwork({ architecture, features: Float64Array.of(1) })
 * const method = catapultDescent({ control: milestones([[0, 0.5]]) })
 * const run = method.init({ model, loss: meanSquared(Float64Array.of(2), 0.5) }, Float64Array.of(0))
 * while (run.outcome === "running") advance(method, [run], 1000)
 * run.steps // => 6
 * ```
 */
export const catapultDescent = (
  options: CatapultOptions,
): Method<CatapultState, Training<Placed>> => {
  const { budget = 6000, control, tolerance = 1e-3 } = options
  Require.object("catapultDescent", "control", control)
  Require.positive("catapultDescent", "tolerance", tolerance)
  Require.count("catapultDescent", "budget", budget)
  // refuses its options at once
  spikeDetector(options)

  const takeLoss = (state: CatapultState, loss: number) => {
    state.loss = loss
    if (state.steps === 0) state.first = loss
    const ended = state.watch.observe(state.steps, loss)
    if (ended?.onset !== undefined) state.spikes.push(ended)
  }

  const takeRate = (state: CatapultState, isAbove: boolean) => {
    const { rates, steps } = state
    const criticalRate = () => (state.criticalRate = state.descent.criticalRate())
    state.learningRate = control.next(rates, steps, { criticalRate, isAbove })
    state.ratio = state.learningRate / state.criticalRate
    if (rates.raised > state.raised) {
      state.raised = rates.raised
      state.raisedAt = steps
    }
  }

  /** Earliest step at which a run may end: every raise has been made, and its spike had time to open. */
  const settledFrom = ({ raised, raisedAt }: CatapultState) => {
    if (raised < control.planned) return Infinity
    return raised === 0 ? 0 : raisedAt + settling + 1
  }

  const look = (state: CatapultState): Outcome => {
    const loss = state.descent.evaluate()
    takeLoss(state, loss)
    // before any eigenvalue: a kernel that overflowed has none
    if (isLost(loss, state.first)) return "diverged"
    const isAbove = state.watch.current() !== undefined
    takeRate(state, isAbove)
    if (state.steps >= settledFrom(state) && !isAbove && loss < tolerance) return "fitted"
    return state.steps >= budget ? "budget" : "running"
  }

  return {
    name: `gradient descent, ${control.name}`,
    init: ({ loss, model }, start) => {
      Require.object("catapultDescent", "model", model, "dimension", "size")
      Require.object("catapultDescent", "loss", loss, "size")
      const descent = descentOf(model, loss, start)
      const watch = spikeDetector(options)
      return {
        ...freshRun(watch.state),
        point: descent.point,
        descent,
        moved: descent.state,
        watch,
        rates: control.init(),
        criticalRate: Number.NaN,
        raised: 0,
        raisedAt: 0,
      }
    },
    step: (state) => {
      if (state.outcome === "running") state.outcome = look(state)
      if (state.outcome === "diverged") state.status = "diverged"
      if (state.outcome !== "running") return state.loss
      state.descent.move(state.learningRate)
      state.steps++
      return state.loss
    },
  }
}
