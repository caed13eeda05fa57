import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Seed from "@nonconvex/numerics/Seed"
import { advancing, unlimited } from "../../descent/Advancing.ts"
import { catapultDescent } from "../../descent/CatapultDescent.ts"
import type { Descent } from "../../descent/Descent.ts"
import { normals } from "../support/Expand.ts"
import {
  cappedBy,
  controlOf,
  controls,
  hasty,
  knownOf,
  stepped,
  type Subject,
} from "../support/HeldControl.ts"
import { derived } from "../support/Paper.ts"

/** Losses of which none ends a run of steps. */
const heedless: Subject = (descent, options) => {
  const advance: Descent["advance"] = (count, rate, losses) =>
    descent.advance(count, rate, losses, unlimited)
  return catapultDescent({ ...descent, advance }, options)
}

const singly: Subject = (descent, options) => {
  const run = catapultDescent(descent, options)
  return { ...run, advance: (count) => stepped(run, count) }
}

/** Of a run whose raises are done. */
const settledFrom = (raised: number, raisedAt: number): number => (raised === 0 ? 0 : raisedAt + 61)

/** Steps of one call. */
const longest = 256

export const heldSteps = claim({
  id: "catapults/held-steps",
  statement:
    "A run advanced by many steps has the rates, looks, spikes and end of the run stepped one by one; of 257 it takes alone the first, those at which the control decides or the raises have settled, and those whose loss may end it.",
  inFloatingPoint: "program",
  source: derived("steps at a rate that is held, on losses that are given"),
  instances: Draw.record({
    ...controls,
    drift: Draw.linear(0, 0.1),
    noise: Draw.oneOf(0, 0.05, 0.3),
    height: Draw.oneOf(0.1, 1, 100),
    budget: Draw.oneOf(40, 300, 900),
    /** A loss near the bound, at this step. */
    jump: Draw.integer(1, 300),
    times: Draw.oneOf(0, 0.5, 2),
    seed: Draw.seed(),
  }),
  value: catapultDescent,
  margin: ({ instance, value: subject }) => {
    const { budget, counts, drift, every, height, jump, noise, times, tolerance } = instance
    const root = Seed.root(instance.seed)
    const room = 1000
    const critical = normals(root.child("critical"), room).map((x) => Elementary.exp(x))
    const bound = 1e7 * Math.max(1, height)
    let log = 0
    const losses = normals(root.child("losses"), room).map((x, t) => {
      if (t > 0) log += noise * x - drift
      return t === jump && times > 0 ? times * bound : height * Elementary.exp(log)
    })
    const { control, decides } = cappedBy(
      controlOf(instance.kind, instance.gap, instance.raises),
      every,
    )
    const begin = (make: Subject) => {
      const state = { rates: [] as Array<number>, measured: [] as Array<number> }
      const alone: Array<number> = []
      const step = {
        evaluate: () => losses[state.rates.length]!,
        move: (rate: number) => void state.rates.push(rate),
      }
      const descent: Descent = {
        size: 1,
        state,
        predictions: new Float64Array(1),
        ...step,
        evaluate: () => {
          alone.push(state.rates.length)
          return step.evaluate()
        },
        advance: advancing(step),
        tangentKernel: () => {},
        criticalRate: () => {
          state.measured.push(state.rates.length)
          return critical[state.rates.length]!
        },
        parameters: () => new Float64Array(1),
      }
      return { run: make(descent, { control, tolerance, budget }), alone }
    }
    const many = begin(subject)
    const one = begin(catapultDescent)
    const expected: Array<number> = []
    let together = 0
    let isSame = true
    for (const count of [...counts, room]) {
      for (let k = 0; k < count && one.run.state.outcome === "running"; k++) {
        const { raised, raisedAt, steps: t } = one.run.state
        const settled = raised < control.planned ? Infinity : settledFrom(raised, raisedAt)
        const mayEnd = losses[t]! <= (t >= settled ? tolerance : 0) || losses[t]! > 1e7
        const isDecided = t === budget || decides(t, { raised, raisedAt })
        // steps that are taken together are all before the raises have settled, or all after it
        const isFull = together === longest || (together > 0 && t === settled)
        together = k === 0 || mayEnd || isDecided || isFull ? 0 : together + 1
        if (together === 0) expected.push(t)
        one.run.step()
      }
      isSame &&= many.run.advance(count) === one.run.state.loss
      isSame &&= knownOf(many.run) === knownOf(one.run)
    }
    return Margin.all(Margin.holds(isSame), Margin.holds(many.alone.join() === expected.join()))
  },
  controls: [
    { name: "a rate held for a step too many", value: hasty },
    { name: "past a loss that ends the run", value: heedless },
    { name: "one by one", value: singly },
  ],
})
