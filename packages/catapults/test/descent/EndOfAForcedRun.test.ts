import { Draw } from "@nonconvex/evidence"
import { Seed } from "@nonconvex/numerics"
import * as Elementary from "@nonconvex/numerics/Elementary"
import fc from "fast-check"
import { assert, describe, it } from "vitest"
import { catapultDescent, spikesIn } from "../../src/descent/CatapultDescent.ts"
import type { Descent } from "../../src/descent/Descent.ts"
import { failureOf } from "../../src/descent/RunDiverged.ts"
import { normals } from "../../src/evidence/support/Expand.ts"
import { isFailureOf, lossBound } from "../../src/evidence/support/ReportedFailure.ts"
import { spikesOf } from "../../src/monitor/Spikes.ts"
import { meanSquared } from "../../src/network/OutputLoss.ts"
import { taylorModel } from "../../src/network/QuadraticModel.ts"

/** Steps that a run must have taken since its last raise. */
const settling = 60

const given = Draw.record({
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
})

const endsWhereItShould = (descend: typeof catapultDescent) =>
  fc.property(given, (instance) => {
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
    // measured at the start alone: larger than each rate of seeds that are even
    const critical = instance.seed % 2 === 0 ? 1000 : 1
    const descent: Descent = {
      size: 1,
      state: {},
      point: new Float64Array(1),
      predictions: new Float64Array(1),
      evaluate: () => losses[moves.length]!,
      move: (rate) => void moves.push(rate),
      tangentKernel: () => {},
      criticalRate: () => critical,
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
    const looks = outcome === "diverged" ? end : end + 1
    const failure = failureOf(run)
    const peaks = (of: ReadonlyArray<{ readonly peak: number }>) =>
      of.map(({ peak }) => peak).join()
    return (
      run.outcome === outcome &&
      run.steps === end &&
      told.every((loss, t) => loss === losses[Math.min(t, end)]) &&
      moves.length === end &&
      moves.every((rate, t) => rate === 2 + t) &&
      above.length === looks &&
      above.every((isAbove, t) => isAbove === isAboveAt(t)) &&
      run.raised === raisedAt(looks - 1) &&
      run.raisedAt === (raises[run.raised - 1] ?? 0) &&
      run.spikes.length === closed.length &&
      peaks(spikesIn(run)) === peaks(spikes) &&
      (outcome === "diverged"
        ? isFailureOf(failure, { step: end, loss: losses[end]! }, 1 + end, critical).margin >= 0
        : failure === undefined)
    )
  })

describe("a run of forced catapults", () => {
  it("ends below the tolerance and not above its minimum, 60 steps after the last raise; before by its budget, or where its loss is lost", () => {
    fc.assert(endsWhereItShould(catapultDescent))
  })

  it("would not, ended before its raises, or with a step of budget more", () => {
    const early: typeof catapultDescent = (options) =>
      catapultDescent({ ...options, control: { ...options.control, planned: 0 } })
    assert.isTrue(fc.check(endsWhereItShould(early)).failed)
    const late: typeof catapultDescent = (options) =>
      catapultDescent({ ...options, budget: (options.budget ?? 6000) + 1 })
    assert.isTrue(fc.check(endsWhereItShould(late)).failed)
  })
})
