/** Trainings begun again from the same start at another rate, without what was done to the first. */
import { diagnoseLog } from "../../../src/index.ts"
import { logOf, type ColumnSet, type Labelled } from "./Judge.ts"
import { train } from "./Training.ts"

/** Rates that are tried, each half of the one before, from the one in use. */
const tried = 12
const steps = 240
/** Below this share of the first loss nobody waits for more. */
const enough = 1e-3

export interface Again {
  readonly name: string
  readonly multiple: number
  readonly isLost: boolean
  /** Steps until the loss that the best rate has after a tenth of them, over that tenth; infinite of a run that never has it. */
  readonly slowness: number
}

const again = ({ scenario }: Labelled, rate: number) => {
  const { fault: _fault, schedule: _schedule, ...setting } = scenario.setting
  const { controls } = train({ ...setting, steps }, rate, false)
  const isLost = controls.length < steps || !controls.every(Number.isFinite)
  const last = controls.slice(-12)
  return {
    controls,
    end: isLost ? Infinity : last.reduce((sum, loss) => sum + loss, 0) / last.length,
  }
}

/** What the rate is worth that is advised where a log was lost or did not come back; undefined where none is. */
export const againAt = (labelled: Labelled, set: ColumnSet): Again | undefined => {
  const { learningRates } = labelled.trained
  const found = diagnoseLog(logOf(labelled, set, true)).events.find(
    ({ action, multiple }) => action === "roll back" && multiple !== undefined,
  )
  if (found === undefined) return undefined
  const inUse = learningRates.at(-1)!
  const rates = Array.from({ length: tried }, (_, k) => inUse * 2 ** -k)
  const runs = rates.map((rate) => again(labelled, rate))
  const best = runs.reduce((a, b) => (b.end < a.end ? b : a))
  const target = Math.max(best.controls[steps / 10]!, enough * best.controls[0]!)
  const when = (losses: Float64Array) => {
    const at = losses.findIndex((loss) => loss <= target)
    return at < 0 ? Infinity : at
  }
  const fastest = Math.min(...runs.map(({ controls }) => when(controls)))
  const { controls, end } = again(labelled, found.multiple! * inUse)
  return {
    name: labelled.scenario.name,
    multiple: found.multiple!,
    isLost: end === Infinity,
    slowness: when(controls) / Math.max(1, fastest),
  }
}
