/** Runs step by step, their rules written out here: SGD on batches, and forced catapults. */
import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import { sgd } from "@nonconvex/problems/Sgd"
import { batchDescent, supercriticalShare } from "../../descent/BatchDescent.ts"
import { catapultDescent, spikesIn } from "../../descent/CatapultDescent.ts"
import type { Descent } from "../../descent/Descent.ts"
import { failureOf, type RunDiverged } from "../../descent/RunDiverged.ts"
import { show } from "../../spikes/Show.ts"
import { spikesOf } from "../../monitor/Spikes.ts"
import { meanSquared, type OutputLoss } from "../../network/OutputLoss.ts"
import { taylorModel } from "../../network/QuadraticModel.ts"
import { normals } from "../support/Expand.ts"
import { linearProblem } from "../support/LinearProblem.ts"
import { near, nearVector } from "../support/Near.ts"
import { derived } from "../support/Paper.ts"

/** A loss past this is lost. */
const lossBound = (first: number) => 1e7 * Math.max(1, first)

/** The failure that a lost run must report: its numbers, and a rate to go back with. */
const isFailureOf = (
  failure: RunDiverged | undefined,
  { loss, step }: { readonly loss: number; readonly step: number },
  learningRate: number,
  critical: number,
): Margin.Comparison => {
  if (failure === undefined) return Margin.holds(false)
  const next = critical < learningRate ? 0.9 * critical : learningRate / 2
  return Margin.all(
    Margin.holds(failure.step === step && failure.message.endsWith(`use ${show(next)}`)),
    Margin.holds(failure.message.includes("times the critical one") !== Number.isNaN(critical)),
    near(failure.loss / loss, 1, 1e-6),
    near(failure.learningRate / learningRate, 1, 1e-12),
    Number.isNaN(critical)
      ? Margin.holds(Number.isNaN(failure.ratio))
      : near((failure.ratio * critical) / learningRate, 1, 1e-9),
  )
}

export const batchSteps = claim({
  id: "catapults/steps-of-batches",
  statement:
    "On a linear model SGD takes theta - eta (2 / b) J_B' r_B on disjoint batches of each epoch, looks at all samples every so many steps, ends there where it fits, is lost or has had its epochs, and counts the batches with eta > b / lambda(K_B).",
  inFloatingPoint: "agreement",
  source: derived("SGD on batches, written out"),
  instances: Draw.record({
    samples: Draw.integer(4, 12),
    parameters: Draw.integer(1, 6),
    batchSize: Draw.integer(1, 4),
    /** Of the learning rate, over the critical one of all samples. */
    multiple: Draw.oneOf(0.1, 0.4, 0.8, 1.3, 6),
    epochs: Draw.integer(1, 12),
    /** 0 leaves them out. */
    probeEvery: Draw.integer(0, 3),
    evaluateEvery: Draw.integer(0, 4),
    tolerance: Draw.oneOf(1e-3, 0.3, 1),
    seed: Draw.seed(),
  }),
  value: batchDescent,
  margin: ({ instance, kernels, value: descend }) => {
    const { batchSize: b, epochs, multiple, parameters, probeEvery, samples: n, seed } = instance
    const { tolerance } = instance
    const problem = linearProblem(seed, n, parameters, kernels)
    const every = Array.from({ length: n }, (_, i) => i)
    const base = multiple * problem.criticalRate(every)
    const rateAt = (step: number) => base / (1 + step / 50)
    const method = descend({
      batchSize: b,
      epochs,
      tolerance,
      update: sgd({ learningRate: rateAt }),
      seed: problem.root.child("order"),
      ...(probeEvery === 0 ? {} : { probeEvery }),
      ...(instance.evaluateEvery === 0 ? {} : { evaluateEvery: instance.evaluateEvery }),
    })
    const { loss: lossOf, model } = problem
    const run = method.init({ model, loss: lossOf }, new Float64Array(parameters))
    /** How a run ends that begins at this loss, where no tolerance is said. */
    const endFrom = (value: number) => {
      const one = { predictions: Float64Array.of(Math.sqrt(value)), jacobian: Float64Array.of(1) }
      const options = { batchSize: 1, update: sgd({ learningRate: 1 }), seed: problem.root }
      const fitting = descend(options)
      const training = { model: taylorModel(one), loss: meanSquared(Float64Array.of(0)) }
      const fit = fitting.init(training, Float64Array.of(0))
      fitting.step(fit)
      return fit.outcome
    }
    const perEpoch = Math.floor(n / b)
    const period = instance.evaluateEvery || Math.max(1, Math.floor(perEpoch / 4))
    const margins = [
      Margin.holds(Number.isNaN(supercriticalShare(run)) && run.steps === 0),
      Margin.holds(endFrom(0.0011) === "running" && endFrom(0.0009) === "fitted"),
    ]
    const theta = new Float64Array(parameters)
    const looked: Array<number> = []
    let seen = new Set<number>()
    let [probed, past, critical] = [0, 0, Number.NaN]
    let outcome: typeof run.outcome = "running"
    let steps = 0
    for (let call = 0; call < 60 && outcome === "running"; call++) {
      if (steps % period === 0) {
        const loss = problem.lossOf(theta)
        looked.push(loss)
        if (!(loss <= lossBound(looked[0]!))) outcome = "diverged"
        else if (loss < tolerance) outcome = "fitted"
        else if (steps >= epochs * perEpoch) outcome = "budget"
      }
      const told = method.step(run)
      margins.push(near(told / looked.at(-1)!, 1, 1e-6), Margin.holds(run.outcome === outcome))
      if (outcome !== "running") break
      const batch = Array.from(run.sampler.indices)
      if (steps % perEpoch === 0) seen = new Set()
      margins.push(Margin.holds(batch.length === b && batch.every((i) => i < n && !seen.has(i))))
      for (const i of batch) seen.add(i)
      margins.push(Margin.holds(seen.size === ((steps % perEpoch) + 1) * b))
      if (probeEvery > 0 && steps % probeEvery === 0) {
        probed++
        critical = problem.criticalRate(batch) / rateAt(steps)
        if (critical < 1) past++
        margins.push(near(run.ratio * critical, 1, 1e-9))
      }
      const residuals = batch.map((i) => problem.residual(theta, i))
      batch.forEach((i, k) =>
        Vector.axpy((-2 * rateAt(steps) * residuals[k]!) / b, problem.row(i), theta),
      )
      steps++
      margins.push(nearVector(run.point, theta, 1e-8))
    }
    // one call more changes nothing
    if (outcome !== "running") method.step(run)
    const spikes = spikesOf(looked).filter(
      (each) => each.onset !== undefined && each.outcome !== "open",
    )
    const counts = [run.steps, (run.steps / run.perEpoch) * perEpoch, run.spikes.length]
    margins.push(
      Margin.holds(Object.is(supercriticalShare(run), past / probed)),
      nearVector(Float64Array.from(counts), Float64Array.of(steps, steps, spikes.length), 1e-12),
    )
    if (outcome !== "diverged")
      return Margin.all(...margins, Margin.holds(failureOf(run) === undefined))
    const lost = { step: steps, loss: looked.at(-1)! }
    // the ratio is that of the last batch that was looked at; the rate is that of the step that was not taken
    const rate = rateAt(steps)
    return Margin.all(...margins, isFailureOf(failureOf(run), lost, rate, critical * rate))
  },
  controls: [
    {
      name: "the sum over the batch for its mean",
      value: (options) => {
        const method = batchDescent(options)
        const summed = (loss: OutputLoss): OutputLoss => ({
          ...loss,
          evaluate: (predictions, adjoint, indices) => {
            const mean = loss.evaluate(predictions, adjoint, indices)
            adjoint.forEach((value, k) => (adjoint[k] = adjoint.length * value))
            return mean
          },
        })
        return {
          ...method,
          init: ({ loss, model }, start) => method.init({ model, loss: summed(loss) }, start),
        }
      },
    },
    {
      name: "an epoch more",
      value: (options) => batchDescent({ ...options, epochs: (options.epochs ?? 1000) + 1 }),
    },
  ],
})

/** Steps that a run must have taken since its last raise. */
const settling = 60

export const forcedRuns = claim({
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
