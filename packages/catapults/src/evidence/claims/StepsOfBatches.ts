import { claim, Draw, Kind, Margin } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import { sgd } from "@nonconvex/problems/Sgd"
import { batchDescent, supercriticalShare } from "../../descent/BatchDescent.ts"
import { failureOf } from "../../descent/RunDiverged.ts"
import { spikesOf } from "../../monitor/Spikes.ts"
import { meanSquared, type OutputLoss } from "../../network/OutputLoss.ts"
import { taylorModel } from "../../network/QuadraticModel.ts"
import { linearProblem } from "../support/LinearProblem.ts"
import { near, nearVector } from "../support/Near.ts"
import { derived } from "../support/Paper.ts"
import { isFailureOf, lossBound } from "../support/ReportedFailure.ts"

export const stepsOfBatches = claim({
  id: "catapults/steps-of-batches",
  statement:
    "On a linear model SGD takes the step theta - eta (2 / b) J_B' r_B on disjoint batches of each epoch, and evaluates all samples at fixed intervals. It stops at an evaluation if it fits or diverges, or after its epochs, and counts the batches with eta > b / lambda(K_B).",
  inFloatingPoint: "agreement",
  source: Kind.identity(derived("SGD on batches, written out")),
  instances: Draw.record({
    samples: Draw.integer(4, 12),
    parameters: Draw.integer(1, 6),
    batchSize: Draw.integer(1, 4),
    /** Ratio of the learning rate to the critical one of all samples. */
    multiple: Draw.oneOf(0.1, 0.4, 0.8, 1.3, 6),
    epochs: Draw.integer(1, 12),
    /** 0 disables the probes. */
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
    /** End condition for a run that starts at this loss, without a stated tolerance. */
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
