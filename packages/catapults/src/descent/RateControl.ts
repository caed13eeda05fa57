/**
 * Learning rates that cause catapults, and learning rates that prevent them.
 *
 * Source: the paper raises the rate from below the critical one to above it, several times (as recalled); the factor, and waiting
 * for the spike to be over before the next raise, are derived here.
 */
import * as Require from "@nonconvex/numerics/Require"
import { invalid } from "@nonconvex/numerics/InvalidInput"

/** What a control may look at. */
export interface Situation {
  /** The critical rate of now; measured when asked for. */
  readonly criticalRate: () => number
  /** The loss is above its running minimum. */
  readonly isAbove: boolean
}

/** The learning rate of each step, asked for in order. */
export interface RateControl {
  readonly name: string
  /** How many times the rate will be raised, and how many times it was: a run that fits before all of them is not over. */
  readonly planned: number
  readonly begin: () => {
    readonly next: (step: number, situation: Situation) => number
    readonly raised: () => number
  }
}

/** Rates from given steps on, as `[step, rate]` in order; the first at step 0. Throws InvalidInput. */
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
    begin: () => {
      let at = 0
      return {
        next: (step) => {
          while (at + 1 < rates.length && rates[at + 1]![0] <= step) at++
          return rates[at]![1]
        },
        raised: () => at,
      }
    },
  }
}

/** Gradient descent of the independent reproduction of the paper's experiment, for the mean of squares (as recalled). */
export const reproductionRates: ReadonlyArray<readonly [number, number]> = [
  [0, 2],
  [50, 8],
  [150, 16],
  [220, 30],
  [280, 50],
  [350, 60],
  [400, 80],
]

/**
 * A rate of `base` times the critical one, and `raises` times one of `multiple` times what is critical then: the first at step
 * `first`, the next at least `gap` steps later and once the spike before is over. Throws InvalidInput.
 */
export const raising = (options: {
  readonly raises: number
  readonly base?: number
  readonly multiple?: number
  readonly first?: number
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
    begin: () => {
      let rate = 0
      let done = 0
      let due = first
      return {
        next: (step, { criticalRate, isAbove }) => {
          if (rate === 0) rate = base * criticalRate()
          if (done < raises && step >= due && !isAbove) {
            rate = Math.max(rate, multiple * criticalRate())
            done++
            due = step + gap
          }
          return rate
        },
        raised: () => done,
      }
    },
  }
}

/** At most `multiple` of the critical rate at every `every`-th step, and otherwise what `control` says: no catapults. Throws InvalidInput. */
export const capped = (control: RateControl, multiple = 0.95, every = 5): RateControl => {
  Require.positive("capped", "multiple", multiple)
  Require.count("capped", "every", every)
  return {
    name: `${control.name}, capped`,
    planned: control.planned,
    begin: () => {
      const inner = control.begin()
      let most = Number.POSITIVE_INFINITY
      return {
        next: (step, situation) => {
          const wanted = inner.next(step, situation)
          if (step % every === 0) most = multiple * situation.criticalRate()
          return Math.min(wanted, most)
        },
        raised: inner.raised,
      }
    },
  }
}
