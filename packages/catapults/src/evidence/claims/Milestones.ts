import { claim, Draw, Margin } from "@nonconvex/evidence"
import { milestones } from "../../descent/RateControl.ts"
import { derived } from "../support/Paper.ts"

const schedules = Draw.record({
  gaps: Draw.list(Draw.integer(1, 5), 1, 6),
})

export const milestonesClaim = claim({
  id: "catapults/milestones",
  statement: "The rate of a schedule at a step is that of the last milestone up to it.",
  inFloatingPoint: "program",
  source: derived("a schedule as a list"),
  instances: schedules,
  value: 0,
  margin: ({ instance: { gaps }, value: late }) => {
    const starts = gaps.map((_gap, k) => gaps.slice(0, k).reduce((sum, gap) => sum + gap, 0))
    const list = starts.map((step, k) => [step, 1 + k] as const)
    const control = milestones(list)
    const state = control.init()
    let isSame = control.planned === gaps.length - 1 && state.raised === 0
    for (let step = 0; step < 40; step++) {
      const passed = starts.filter((start) => start + late <= step || start === 0).length
      const situation = { criticalRate: () => 1, isAbove: false }
      isSame &&= control.next(state, step, situation) === passed
      isSame &&= state.raised === passed - 1
    }
    return Margin.holds(isSame)
  },
  controls: [{ name: "a step late", value: 1 }],
})
