/** Runs that take many steps at once are the runs that take them one by one, and take at once all that they can. */
import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Snapshot from "@nonconvex/problems/Snapshot"
import { advancing, unlimited } from "../../descent/Advancing.ts"
import { type CatapultDescent, catapultDescent } from "../../descent/CatapultDescent.ts"
import { type Descent, parameterDescent } from "../../descent/Descent.ts"
import { capped, milestones, raising, type RateControl } from "../../descent/RateControl.ts"
import { sampleDescent } from "../../descent/SampleDescent.ts"
import { ntkNetwork } from "../../network/NtkNetwork.ts"
import { meanSquared } from "../../network/OutputLoss.ts"
import { expand, normals, sized } from "../support/Expand.ts"
import { near, nearVector } from "../support/Near.ts"
import { derived } from "../support/Paper.ts"

const dataOf = (value: object): string => JSON.stringify(Snapshot.write(value))

/** All that is known of a run and of its descent, as text. */
const knownOf = (run: CatapultDescent): string =>
  dataOf({ ...run.state, open: run.spikes(), failure: run.failure()?.message })

/** Single steps, as many as `advance` is asked for. */
const stepped = (run: CatapultDescent, count: number): number => {
  for (let k = 0; k < count; k++) run.step()
  return run.state.loss
}

/** What is known before a step. */
interface Before {
  readonly raised: number
  readonly raisedAt: number
}

/** A control, and whether it decides on the rate of a step that is not the first. */
interface Controlled {
  readonly control: RateControl
  readonly decides: (step: number, before: Before) => boolean
}

const kinds = Draw.oneOf("constant", "milestones", "raises", "none is held")

const controlOf = (kind: Draw.Drawn<typeof kinds>, gap: number, raises: number): Controlled => {
  // milestones between two steps as well
  const starts =
    kind === "milestones" ? Array.from({ length: raises }, (_, k) => gap * (k + 0.5)) : []
  const listed = milestones([[0, 0.5], ...starts.map((start, k) => [start, 0.4 + k] as const)])
  switch (kind) {
    case "constant":
    case "milestones":
      return {
        control: listed,
        decides: (step) => starts.some((start) => start <= step && start > step - 1),
      }
    case "raises":
      return {
        control: raising({ raises, first: gap, gap, multiple: 1.4 }),
        decides: (step, { raised, raisedAt }) => raised < raises && step >= raisedAt + gap,
      }
    case "none is held": {
      const control = raising({ raises, first: gap, gap })
      const silent: RateControl = {
        name: control.name,
        planned: control.planned,
        init: () => control.init(),
        next: (state, step, situation) => control.next(state, step, situation),
      }
      return { control: silent, decides: () => true }
    }
  }
}

const cappedBy = ({ control, decides }: Controlled, every: number): Controlled =>
  every === 0
    ? { control, decides }
    : {
        control: capped(control, 0.9, every),
        decides: (step, before) => step % every === 0 || decides(step, before),
      }

const controls = {
  kind: kinds,
  gap: Draw.integer(1, 90),
  raises: Draw.integer(1, 3),
  /** Of the steps at which a rate is capped; 0 leaves that out. */
  every: Draw.oneOf(0, 1, 4, 7),
  /** Steps that are asked for, call by call. */
  counts: Draw.list(Draw.integer(1, 400), 1, 6),
  tolerance: Draw.oneOf(1e-3, 0.1, 0.5),
}

type Subject = typeof catapultDescent

/** A rate held for a step more than its control says. */
const hasty: Subject = (descent, options) => {
  const { control } = options
  const heldUntil = (state: ReturnType<RateControl["init"]>, step: number) =>
    (control.heldUntil?.(state, step) ?? step) + 1
  return catapultDescent(descent, { ...options, control: { ...control, heldUntil } })
}

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

export const heldNetworks = claim({
  id: "catapults/held-steps-of-networks",
  statement:
    "A network that is trained by many steps at once has the parameters, losses, critical rates and spikes of single steps: bit for bit in the parameters, and to rounding in the samples.",
  inFloatingPoint: "agreement",
  source: derived("steps at a rate that is held, of two layers"),
  instances: sized([6, 9, 10], { ...controls, budget: Draw.oneOf(30, 150) }),
  value: catapultDescent,
  margin: ({ instance, kernels, value: subject }) => {
    const { budget, counts, every, gap, kind, raises, tolerance } = instance
    const data = expand(instance, kernels, { activation: "tanh" })
    const { architecture, features, start, targets } = data
    const loss = meanSquared(targets)
    const model = ntkNetwork({ architecture, features, kernels })
    const inParameters = () => parameterDescent(model, loss, start)
    const inSamples = () => sampleDescent({ architecture, features, loss, start, kernels })
    const { control } = cappedBy(controlOf(kind, gap, raises), every)
    const [many, one] = [subject, catapultDescent].map((make) =>
      make(inParameters(), { control, tolerance, budget }),
    ) as [CatapultDescent, CatapultDescent]
    let isSame = true
    for (const count of counts) {
      many.advance(count)
      stepped(one, count)
      isSame &&= knownOf(many) === knownOf(one)
    }
    // few steps at rates that no loss decides, which do not amplify rounding
    const rates = milestones([
      [0, 0.1],
      [gap / 9, 0.2],
    ])
    const few = { control: rates, tolerance: 1e-12, budget: 20 }
    const [samples, parameters] = [inSamples(), inParameters()]
    const [fast, slow] = [subject(samples, few), catapultDescent(parameters, few)]
    const margins = [Margin.holds(isSame)]
    for (const count of counts) {
      margins.push(near(fast.advance(count), stepped(slow, count), 1e-9))
      margins.push(
        Margin.holds(fast.state.steps === slow.state.steps),
        nearVector(samples.parameters(), parameters.parameters(), 1e-9),
      )
    }
    return Margin.all(...margins)
  },
  controls: [{ name: "a rate held for a step too many", value: hasty }],
})
