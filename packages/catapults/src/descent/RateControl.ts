/**
 * Learning-rate controls that cause catapults, and controls that prevent them.
 *
 * Source: the paper raises the rate several times from below the critical rate to above it (as recalled). The factor,
 * and the rule that each raise waits for the previous spike to end, are derived here.
 */
import * as Require from "@nonconvex/numerics/Require"
import { invalid } from "@nonconvex/numerics/InvalidInput"

/** Observations available to a rate control. */
export interface Situation {
  /** The current critical rate, measured at each call. */
  readonly criticalRate: () => number
  /** The loss is above its running minimum. */
  readonly isAbove: boolean
}

/** State of a control: plain data. */
export interface RateState {
  /** Number of raises so far. */
  raised: number
}

/**
 * Learning rate of each step. `next` is called once per step, in order, and its only memory is `state`. A run stores
 * this state with its own, so that both can be saved and restored.
 */
export interface RateControl<State extends RateState = RateState> {
  readonly name: string
  /** Number of planned raises; a run that interpolates earlier continues until all have been made. */
  readonly planned: number
  init(): State
  next(state: State, step: number, situation: Situation): number
}

/**
 * Piecewise constant rates as pairs `[step, rate]` in ascending order; the first step is 0. Throws InvalidInput if the
 * steps do not increase or a rate is not positive.
 */
export const milestones = (
  rates: ReadonlyArray<readonly [step: number, rate: number]>,
): RateControl => {
  rates.forEach(([step, rate], k) => {
    Require.positive("milestones", "rate", rate)
    if (k === 0 ? step !== 0 : !(step > rates[k - 1]![0])) {
      invalid("milestones", "the steps must begin with 0 and increase", { index: k, step })
    }
  })
  if (rates.length === 0) invalid("milestones", "there must be a rate", { rates: 0 })
  return {
    name: "milestones",
    planned: rates.length - 1,
    init: () => ({ raised: 0 }),
    next: (state, step) => {
      while (state.raised + 1 < rates.length && rates[state.raised + 1]![0] <= step) state.raised++
      return rates[state.raised]![1]
    },
  }
}

/** The schedule of an independent reproduction of the paper's experiment, as `[step, rate]` for the mean of squares (as recalled). */
export const reproductionRates: ReadonlyArray<readonly [number, number]> = [
  [0, 2],
  [50, 8],
  [150, 16],
  [220, 30],
  [280, 50],
  [350, 60],
  [400, 80],
]

interface RaisingState extends RateState {
  rate: number
  /** First step at which the next raise is allowed. */
  due: number
}

/**
 * Forces `raises` catapults by raising the rate above the critical rate; each raise waits until the previous spike has
 * ended. Throws InvalidInput on options out of range.
 *
 * @example
 * ```ts import.meta.vitest
 * import { raising } from "@nonconvex/catapults"
 *
 * const control = raising({ raises: 1, first: 2 })
 * const state = control.init()
 * const calm = { criticalRate: () => 10, isAbove: false }
 * const rates = [0, 1, 2, 3].map((step) => control.next(state, step, calm)) // => [9, 9, 13, 13]
 * ```
 */
export const raising = (options: {
  readonly raises: number
  /** The first rate, divided by the critical rate at the start; default 0.9. */
  readonly base?: number
  /** The rate of a raise, divided by the critical rate at that step; default 1.3. */
  readonly multiple?: number
  /** Step of the first raise; default 60. */
  readonly first?: number
  /** Minimum number of steps between two raises; default 60. */
  readonly gap?: number
}): RateControl => {
  const { base = 0.9, first = 60, gap = 60, multiple = 1.3, raises } = options
  Require.count("raising", "raises", raises, 0)
  Require.count("raising", "first", first, 0)
  Require.count("raising", "gap", gap)
  Require.positive("raising", "base", base)
  Require.positive("raising", "multiple", multiple)
  return {
    name: `${raises} raises`,
    planned: raises,
    init: (): RaisingState => ({ raised: 0, rate: 0, due: first }),
    next: (state: RaisingState, step, { criticalRate, isAbove }) => {
      if (state.rate === 0) state.rate = base * criticalRate()
      if (state.raised < raises && step >= state.due && !isAbove) {
        state.rate = Math.max(state.rate, multiple * criticalRate())
        state.raised++
        state.due = step + gap
      }
      return state.rate
    },
  }
}

interface CappedState extends RateState {
  readonly inner: RateState
  most: number
}

/**
 * Caps the rate of `control` at `multiple` (default 0.95) of the critical rate, measured every `every` steps (default
 * 5), so that no catapult occurs. Throws InvalidInput on numbers out of range.
 */
export const capped = (control: RateControl, multiple = 0.95, every = 5): RateControl => {
  Require.positive("capped", "multiple", multiple)
  Require.count("capped", "every", every)
  return {
    name: `${control.name}, capped`,
    planned: control.planned,
    init: (): CappedState => ({ raised: 0, inner: control.init(), most: Infinity }),
    next: (state: CappedState, step, situation) => {
      const wanted = control.next(state.inner, step, situation)
      state.raised = state.inner.raised
      if (step % every === 0) state.most = multiple * situation.criticalRate()
      return Math.min(wanted, state.most)
    },
  }
}
