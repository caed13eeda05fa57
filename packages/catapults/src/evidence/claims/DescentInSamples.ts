import { claim, Draw, Kind, Margin } from "@nonconvex/evidence"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import { parameterDescent } from "../../descent/Descent.ts"
import { sampleDescent } from "../../descent/SampleDescent.ts"
import type { Model } from "../../network/Model.ts"
import { ntkNetwork } from "../../network/NtkNetwork.ts"
import { meanSquared } from "../../network/OutputLoss.ts"
import { frozenGates } from "../../network/QuadraticModel.ts"
import { expand, normals, sized } from "../support/Expand.ts"
import { largest, nearVector } from "../support/Near.ts"
import { derived } from "../support/Paper.ts"

const descents = sized([8, 12, 10], {
  activation: Draw.oneOf("relu", "tanh"),
  isFrozen: Draw.oneOf(false, true),
  /** Learning rate times a bound of the curvature at the start. */
  kappa: Draw.linear(0.1, 1),
})

interface Data {
  readonly features: Float64Array
  readonly inputs: number
  readonly targets: Float64Array
  readonly width: number
}

/** Multiple of the labels above which predictions have diverged; initial rounding errors then reach any size. */
const diverged = 100

/**
 * Bound on the curvature at `theta` of the mean squared error of any batch. It adds twice the largest tangent kernel of
 * a sample, and twice its residual times the curvature of an output. That curvature is at most h (1 + h max |v|) /
 * sqrt(m) with h = |x| / sqrt(d).
 */
const curvatureAt = (
  model: Model,
  theta: Float64Array,
  { features, inputs, targets, width }: Data,
): number => {
  const n = targets.length
  const [predictions, kernel] = [new Float64Array(n), new Float64Array(n * n)]
  model.predict(theta, predictions)
  model.tangentKernel(kernel)
  const head = largest(theta.subarray(width * inputs), 0)
  const curvatures = predictions.map((f, i) => {
    const row = features.subarray(i * inputs, (i + 1) * inputs)
    const h = Vector.norm(row) / Math.sqrt(inputs)
    const ofOutput = (h * (1 + h * head)) / Math.sqrt(width)
    return 2 * (kernel[i * n + i]! + Math.abs(f - targets[i]!) * ofOutput)
  })
  return largest(curvatures, 0)
}

export const descentInSamples = claim({
  id: "catapults/descent-in-samples",
  statement:
    "Gradient descent of a two-layer network takes the same steps in the space of its samples as in its parameters, and has the same tangent kernels. This holds for all samples and for batches, for one and for several runs, and for its own and for frozen gates. It holds at rates up to the inverse of the initial curvature and while no run diverges.",
  inFloatingPoint: "agreement",
  source: Kind.identity(
    derived("a step moves the pre-activations by the Gram matrix of the inputs"),
  ),
  instances: descents,
  value: 1,
  /** Learning rate in sample space as a multiple of that in parameter space. */
  margin: ({ instance, kernels, value: times }) => {
    const { isFrozen, kappa, samples: n, seed } = instance
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
    const rate = kappa / curvatureAt(model, theta, { ...instance, features, targets })
    const most = diverged * largest(targets, 1)
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
      if (largest(predictions, 0) > most) return Margin.holds(true)
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
    let hasDiverged = false
    const losses = Array.from({ length: 4 }, () => {
      model.predict(theta, predictions)
      hasDiverged ||= largest(predictions, 0) > most
      const value = loss.evaluate(predictions, adjoint)
      model.addPullback(-rate, adjoint, theta)
      return value
    })
    if (hasDiverged) return Margin.holds(true)
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
