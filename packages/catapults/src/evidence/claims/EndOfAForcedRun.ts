import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Seed from "@nonconvex/numerics/Seed"
import { catapultDescent, spikesIn } from "../../descent/CatapultDescent.ts"
import type { Descent } from "../../descent/Descent.ts"
import { failureOf } from "../../descent/RunDiverged.ts"
import { spikesOf } from "../../monitor/Spikes.ts"
import { meanSquared } from "../../network/OutputLoss.ts"
import { taylorModel } from "../../network/QuadraticModel.ts"
import { normals } from "../support/Expand.ts"
import { derived } from "../support/Paper.ts"
import { isFailureOf, lossBound } from "../support/ReportedFailure.ts"

/** Steps that a run must have taken since its last raise. */
const settling = 60

export const endOfAForcedRun = claim({
  id: "catapults/end-of-a-forced-run",
  statement:
    "A run of forced catapults moves at the rate of its control until the loss is below the tolerance and not above its minimum, more than 60 steps after the last of all raises; it ends before by its budget, or past 1e7 times the larger of 1 and its first loss.",
  inFloatingPoint: "program",
  source: derived("stopping at equal training loss, on losses that are given"),
  instances: Draw.record({
    drift: Draw.linear(0, 0.2),
    noise: Draw.oneOf(0, 0.05, 0.3),
    /** The first loss. */
    height: Draw.oneOf(0.1, 1, 100, 0.01),
    /** Steps between raises. */
    gaps: Draw.list(Draw.integer(1, 30), 0, 3),
    budget: Draw.integer(1, 250),
    /** A loss near the bound, at this step. */
    jump: Draw.integer(1, 250),
    times: Draw.oneOf(0, 0.5, 2),
    tolerance: Draw.oneOf(1e-3, 0.1, 0.5),
    threshold: Draw.oneOf(1.2, 3),
    seed: Draw.seed(),
  }),
  value: catapultDescent,
  margin: ({ instance, value: descend }) => {
    const { budget, drift, gaps, height, jump, noise, threshold, times, tolerance } = instance
    const walk = normals(Seed.root(instance.seed), 300)
    let log = 0
    const losses = walk.map((x, t) => {
      if (t > 0) log += noise * x - drift
      return t === jump && times > 0 ? times * lossBound(height) : height * Elementary.exp(log)
    })
    const raises = gaps.map((_gap, k) => gaps.slice(0, k + 1).reduce((sum, gap) => sum + gap, 0))
    const raisedAt = (step: number) => raises.filter((raise) => raise <= step).length
    const moves: Array<number> = []
    const above: Array<boolean> = []
    const descent: Descent = {
      size: 1,
      state: {},
      point: new Float64Array(1),
      predictions: new Float64Array(1),
      evaluate: () => losses[moves.length]!,
      move: (rate) => void moves.push(rate),
      tangentKernel: () => {},
      // measured at the start alone: larger than each rate of seeds that are even
      criticalRate: () => (instance.seed % 2 === 0 ? 1000 : 1),
      parameters: () => new Float64Array(1),
    }
    const method = descend({
      // 1e-3 is the default
      ...(tolerance === 1e-3 ? {} : { tolerance }),
      budget,
      threshold,
      divergence: 1e30,
      control: {
        name: "given",
        planned: raises.length,
        init: () => ({ raised: 0 }),
        next: (state, step, { criticalRate, isAbove }) => {
          if (step === 0) criticalRate()
          above.push(isAbove)
          state.raised = raisedAt(step)
          return 2 + step
        },
      },
    })
    const one = taylorModel({ predictions: Float64Array.of(0), jacobian: Float64Array.of(1) })
    const model = { ...one, inSamples: () => descent }
    const run = method.init({ model, loss: meanSquared(Float64Array.of(0)) }, new Float64Array(1))
    const isAboveAt = (t: number) => losses.subarray(0, t).some((loss) => loss < losses[t]!)
    const outcomeAt = (t: number): typeof run.outcome => {
      if (losses[t]! > lossBound(height)) return "diverged"
      const isSettled =
        raisedAt(t) === raises.length && (raises.length === 0 || t > raises.at(-1)! + settling)
      if (isSettled && !isAboveAt(t) && losses[t]! < tolerance) return "fitted"
      return t >= budget ? "budget" : "running"
    }
    const end = Array.from(losses, (_loss, t) => outcomeAt(t)).findIndex(
      (each) => each !== "running",
    )
    const outcome = outcomeAt(end)
    const told = Array.from({ length: end + 1 }, () => method.step(run))
    // one call more changes nothing
    told.push(method.step(run))
    const spikes = spikesOf(losses.subarray(0, end + 1), { threshold, divergence: 1e30 })
    const closed = spikes.filter((each) => each.outcome !== "open")
    const state = run
    const looks = outcome === "diverged" ? end : end + 1
    const failure = failureOf(run)
    return Margin.all(
      Margin.holds(state.outcome === outcome && state.steps === end),
      Margin.holds(told.every((loss, t) => loss === losses[Math.min(t, end)])),
      Margin.holds(moves.length === end && moves.every((rate, t) => rate === 2 + t)),
      Margin.holds(above.length === looks && above.every((isAbove, t) => isAbove === isAboveAt(t))),
      Margin.holds(state.raised === raisedAt(looks - 1)),
      Margin.holds(state.raisedAt === (raises[state.raised - 1] ?? 0)),
      Margin.holds(state.spikes.length === closed.length),
      Margin.holds(
        spikesIn(run)
          .map(({ peak }) => peak)
          .join() === spikes.map(({ peak }) => peak).join(),
      ),
      outcome === "diverged"
        ? isFailureOf(
            failure,
            { step: end, loss: losses[end]! },
            1 + end,
            instance.seed % 2 === 0 ? 1000 : 1,
          )
        : Margin.holds(failure === undefined),
    )
  },
  controls: [
    {
      name: "ended before its raises",
      value: (options) =>
        catapultDescent({ ...options, control: { ...options.control, planned: 0 } }),
    },
    {
      name: "a step of budget more",
      value: (options) => catapultDescent({ ...options, budget: (options.budget ?? 6000) + 1 }),
    },
  ],
})
