/** That other forms of a computation are the computation: steps in the samples, rates from a list, and feature machines. */
import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Seed from "@nonconvex/numerics/Seed"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Vector from "@nonconvex/numerics/Vector"
import { parameterDescent } from "../../descent/Descent.ts"
import { milestones } from "../../descent/RateControl.ts"
import { sampleDescent } from "../../descent/SampleDescent.ts"
import { recursiveFeatureMachine } from "../../features/RecursiveFeatureMachine.ts"
import { ntkNetwork } from "../../network/NtkNetwork.ts"
import { meanSquared } from "../../network/OutputLoss.ts"
import { frozenGates } from "../../network/QuadraticModel.ts"
import { expand, normals, sized } from "../support/Expand.ts"
import { nearVector } from "../support/Near.ts"
import { derived } from "../support/Paper.ts"

const descents = sized([8, 12, 10], {
  activation: Draw.oneOf("relu", "tanh"),
  isFrozen: Draw.oneOf(false, true),
  rate: Draw.linear(0.1, 0.5),
})

export const descentInSamples = claim({
  id: "catapults/descent-in-samples",
  statement:
    "Gradient descent of a two-layer network in the space of its samples takes the steps of the parameters, on all samples and on batches, one by one and many at once, with its own gates and with frozen ones, and has their tangent kernels.",
  inFloatingPoint: "agreement",
  source: derived("a step moves the pre-activations by the Gram matrix of the inputs"),
  instances: descents,
  value: 1,
  /** The rate in the samples as a multiple of that of the parameters. */
  margin: ({ instance, kernels, value: times }) => {
    const { isFrozen, rate, samples: n, seed } = instance
    const activation = isFrozen ? "relu" : instance.activation
    const { architecture, features, start, targets } = expand(instance, kernels, { activation })
    const elsewhere = normals(Seed.root(seed).child("elsewhere"), start.length)
    const loss = meanSquared(targets)
    const model = isFrozen
      ? frozenGates({ architecture, features, at: elsewhere, kernels })
      : ntkNetwork({ architecture, features, kernels })
    const gates = isFrozen ? { gatesAt: elsewhere } : {}
    const descent = sampleDescent({ architecture, features, loss, start, kernels, ...gates })
    const stream = RandomStream.make(Seed.root(seed).child("batches"))
    const theta = start.slice()
    const margins: Array<Margin.Comparison> = []
    for (const size of [n, Math.min(n, 2), n, Math.min(n, 3)]) {
      const order = Array.from({ length: n }, (_, i) => [stream.uniform(), i] as const)
      const chosen = order.toSorted(([a], [b]) => a - b).map(([, i]) => i)
      const batch = Uint32Array.from(chosen.slice(0, size))
      const isWhole = size === n && margins.length === 0
      const rows = isWhole ? undefined : batch
      const predictions = new Float64Array(size)
      const adjoint = new Float64Array(size)
      model.predict(theta, predictions, rows)
      const [one, other] = [loss.evaluate(predictions, adjoint, rows), descent.evaluate(rows)]
      const kernel = new Float64Array(size * size)
      const found = new Float64Array(size * size)
      model.tangentKernel(kernel)
      descent.tangentKernel(found)
      model.addPullback(-rate, adjoint, theta)
      descent.move(times * rate)
      margins.push(
        nearVector(Float64Array.of(other), Float64Array.of(one), 1e-9),
        nearVector(descent.predictions.slice(0, size), predictions, 1e-9),
        nearVector(found, kernel, 1e-9),
        nearVector(descent.parameters(), theta, 1e-9),
      )
    }
    const inParameters = parameterDescent(model, loss, theta)
    const [predictions, adjoint] = [new Float64Array(n), new Float64Array(n)]
    const losses = Array.from({ length: 4 }, () => {
      model.predict(theta, predictions)
      const value = loss.evaluate(predictions, adjoint)
      model.addPullback(-rate, adjoint, theta)
      return value
    })
    for (const many of [descent, inParameters]) {
      const told = losses.map(() => {
        const value = many.evaluate()
        many.move(times * rate)
        return value
      })
      margins.push(
        nearVector(Float64Array.from(told), Float64Array.from(losses), 1e-9),
        nearVector(many.parameters(), theta, 1e-9),
      )
    }
    return Margin.all(...margins)
  },
  controls: [{ name: "twice the rate", value: 2 }],
})

const schedules = Draw.record({
  gaps: Draw.list(Draw.integer(1, 5), 1, 6),
})

export const rates = claim({
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

const machines = Draw.record({
  samples: Draw.integer(2, 8),
  inputs: Draw.integer(1, 4),
  bandwidth: Draw.oneOf(10, 2),
  rounds: Draw.integer(1, 3),
  seed: Draw.seed(),
})

export const featureMachine = claim({
  id: "catapults/recursive-feature-machine",
  statement:
    "A recursive feature machine predicts by the ridge regression of the Laplace kernel in its metric, its AGOP is the mean outer product of the gradients of what it predicts at the samples, and the metric is the AGOP of the round before.",
  inFloatingPoint: "functions",
  source: derived("kernel regression, whose weights are its residuals over the ridge"),
  instances: machines,
  value: 1,
  margin: ({
    instance: { inputs: d, rounds, samples: n, seed, ...options },
    kernels,
    value: power,
  }) => {
    const root = Seed.root(seed)
    const features = normals(root.child("features"), n * d)
    const targets = normals(root.child("targets"), n)
    const data = { features, inputs: d, targets, kernels }
    const { bandwidth } = options
    const { agop, metric, predict } = recursiveFeatureMachine({ ...data, bandwidth, rounds })
    const fitted = predict(features)
    const ridge = 1e-3
    const weights = fitted.map((value, i) => (targets[i]! - value) / ridge)
    const row = (x: Float64Array, i: number) => x.subarray(i * d, (i + 1) * d)
    const kernelAt = (z: Float64Array, i: number) => {
      const apart = z.map((value, j) => value - row(features, i)[j]!)
      const image = apart.map((_, j) => Vector.dot(metric.subarray(j * d, (j + 1) * d), apart))
      return Elementary.exp(-Elementary.pow(Vector.dot(apart, image), power / 2) / bandwidth)
    }
    const other = normals(root.child("other"), 3 * d)
    const expected = Float64Array.from({ length: 3 }, (_, k) =>
      weights.reduce((sum, weight, i) => sum + weight * kernelAt(row(other, k), i), 0),
    )
    const step = 1e-5
    const outer = new Float64Array(d * d)
    for (let i = 0; i < n; i++) {
      const gradient = Float64Array.from({ length: d }, (_, j) => {
        const [up, down] = [1, -1].map((sign) => {
          const moved = row(features, i).slice()
          moved[j] = moved[j]! + sign * step
          return predict(moved)[0]!
        })
        return (up! - down!) / (2 * step)
      })
      for (let at = 0; at < d * d; at++) {
        outer[at]! += (gradient[Math.floor(at / d)]! * gradient[at % d]!) / n
      }
    }
    const before =
      rounds === 1
        ? Float64Array.from({ length: d * d }, (_, at) => (at % (d + 1) === 0 ? 1 : 0))
        : recursiveFeatureMachine({ ...data, bandwidth, rounds: rounds - 1 }).agop
    const unsaid = recursiveFeatureMachine(data).agop
    const said = recursiveFeatureMachine({ ...data, bandwidth: 10, ridge, rounds: 5 }).agop
    return Margin.all(
      nearVector(predict(other), expected, 1e-7),
      nearVector(agop, outer, 1e-4),
      nearVector(metric, before, 0),
      nearVector(unsaid, said, 0),
    )
  },
  controls: [{ name: "the square of the distance", value: 2 }],
})
