/** Batches of any positive semidefinite kernel: what splitting them does to critical rates. */
import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import { advance } from "@nonconvex/problems/Advance"
import { sgd } from "@nonconvex/problems/Sgd"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import {
  batchDescent,
  supercriticalShare as supercriticalShareOf,
} from "../../descent/BatchDescent.ts"
import { criticalRate } from "../../network/CriticalRateAt.ts"
import { ntkNetwork } from "../../network/NtkNetwork.ts"
import { meanSquared, type OutputLoss } from "../../network/OutputLoss.ts"
import { taylorModel } from "../../network/QuadraticModel.ts"
import { topEigenvalue, topOfKernel } from "../../network/TangentKernel.ts"
import { gram } from "../../theory/QuadraticDynamics.ts"
import * as Theory from "../../theory/index.ts"
import { expand, normals } from "../support/Expand.ts"
import { derived } from "../support/Paper.ts"

const shape = {
  samples: Draw.oneOf<number>(4, 8, 12, 16),
  parameters: Draw.integer(1, 20),
}
const instances = Draw.record({ ...shape, seed: Draw.seed() })
type Kernel = Draw.Drawn<typeof instances>

/** J with rows of very different length. */
const jacobianOf = ({ parameters: p, samples: n, seed }: Kernel): Float64Array => {
  const root = Seed.root(seed)
  const jacobian = normals(root.child("jacobian"), n * p)
  const scales = normals(root.child("scales"), n)
  for (let i = 0; i < n; i++) {
    Vector.scale(Elementary.exp(2 * scales[i]!), jacobian.subarray(i * p, (i + 1) * p))
  }
  return jacobian
}

/** `J J'`. */
const kernelOf = (instance: Kernel): Float64Array => {
  const jacobian = jacobianOf(instance)
  return gram(jacobian, jacobian, instance.samples, instance.parameters)
}

const part = (kernel: Float64Array, n: number, indices: ArrayLike<number>): Float64Array => {
  const b = indices.length
  return Float64Array.from(
    { length: b * b },
    (_, at) => kernel[indices[Math.floor(at / b)]! * n + indices[at % b]!]!,
  )
}

/** Rates of the batches of a partition, and their mean. */
const rates = { rate: Theory.batchCriticalRate, mean: Theory.harmonicMean }

export const refinement = claim({
  id: "catapults/batch-size-law",
  statement:
    "The harmonic mean over an epoch of the critical rates b / lambda_max(K_B) is at most the critical rate of all samples, does not grow when batches are split, and is n / tr K for single samples.",
  inFloatingPoint: "spectrum",
  source: derived("batch-size law"),
  instances,
  value: rates,
  margin: ({ instance, kernels, value: { mean, rate } }) => {
    const n = instance.samples
    const kernel = kernelOf(instance)
    const order = RandomStream.make(Seed.root(instance.seed).child("order")).permutation(n)
    let before = rate(n, topEigenvalue(kernel, n, kernels))
    let margin = Margin.holds(true)
    let size = n
    while (size > 1) {
      size = size % 2 === 0 ? size / 2 : 1
      const ofBatches = Array.from({ length: n / size }, (_, k) => {
        const indices = order.subarray(k * size, (k + 1) * size)
        return rate(size, topEigenvalue(part(kernel, n, indices), size, kernels))
      })
      const now = mean(ofBatches)
      margin = Margin.all(margin, Margin.atMost(now, before, 1e-9))
      before = now
    }
    let trace = 0
    for (let i = 0; i < n; i++) trace += kernel[i * n + i]!
    return Margin.all(margin, Margin.equal(before, n / trace, { relative: 1e-9 }))
  },
  controls: [
    {
      name: "the arithmetic mean",
      value: {
        ...rates,
        mean: (values) => Array.from(values).reduce((sum, value) => sum + value, 0) / values.length,
      },
    },
    { name: "the batch size dropped", value: { ...rates, rate: (_b, top) => 1 / top } },
  ],
})

/** Times by which a step on the batch multiplies its mean of squares, from the worst residual of the linear model. */
const growth = (instance: Kernel, indices: Uint32Array, worst: Float64Array, rate: number) => {
  const { parameters: p, samples: n } = instance
  const predictions = new Float64Array(n)
  indices.forEach((i, k) => (predictions[i] = worst[k]!))
  const model = taylorModel({ predictions, jacobian: jacobianOf(instance) })
  const loss = meanSquared(new Float64Array(n))
  const point = new Float64Array(p)
  const gradient = new Float64Array(p)
  const outputs = new Float64Array(indices.length)
  const adjoint = new Float64Array(indices.length)
  const evaluate = () => {
    model.predict(point, outputs, indices)
    return loss.evaluate(outputs, adjoint, indices)
  }
  const before = evaluate()
  model.addPullback(1, adjoint, gradient)
  Vector.axpy(-rate, gradient, point)
  return evaluate() / before
}

export const principalParts = claim({
  id: "catapults/batch-critical-rate",
  statement:
    "On a linear model a step on a batch lowers the mean of squares of the batch from every start just below the rate b / lambda_max(K_B). K_B is a principal part of the kernel of all samples, so that rate is at least b / n times that of all of them.",
  inFloatingPoint: "spectrum",
  source: derived("critical rate of a batch, interlacing of principal parts"),
  instances: Draw.record({ ...shape, batch: Draw.integer(1, 4), seed: Draw.seed() }),
  value: Theory.batchCriticalRate,
  margin: ({ instance, kernels, value: rate }) => {
    const n = instance.samples
    const kernel = kernelOf(instance)
    const indices = RandomStream.make(Seed.root(instance.seed).child("batch"))
      .permutation(n)
      .slice(0, instance.batch)
    const ofBatch = part(kernel, n, indices)
    const { values, vectors } = topOfKernel(ofBatch, instance.batch, { kernels })
    const critical = rate(instance.batch, values[0]!)
    const all = topEigenvalue(kernel, n, kernels)
    return Margin.all(
      Margin.atMost(growth(instance, indices, vectors, 0.99 * critical), 1),
      Margin.atLeast(growth(instance, indices, vectors, 1.01 * critical), 1),
      Margin.atMost(values[0]!, all, 1e-10),
      Margin.atLeast(critical, (instance.batch / n) * rate(n, all), 1e-10),
    )
  },
  controls: [
    { name: "the batch size squared", value: (b, top) => Theory.batchCriticalRate(b, top) * b },
    { name: "the batch size dropped", value: (b, top) => Theory.batchCriticalRate(b, top) / b },
    { name: "half of it", value: (b, top) => Theory.batchCriticalRate(b, top) / 2 },
    { name: "twice of it", value: (b, top) => Theory.batchCriticalRate(b, top) * 2 },
  ],
})

export const supercriticalShare = claim({
  id: "catapults/supercritical-share",
  statement:
    "The share of batches past their critical rates is the same for the losses L and a L with the learning rates eta and eta / a, and of a first step on all samples it is 1 just past their critical rate.",
  inFloatingPoint: "statistical",
  source: derived("loss normalisation, for batches"),
  instances: Draw.record({
    samples: Draw.oneOf(4, 8, 12),
    inputs: Draw.integer(1, 8),
    width: Draw.integer(1, 32),
    batch: Draw.oneOf(1, 2, 4),
    /** Of the loss; powers of two, so that both runs round alike. */
    scale: Draw.oneOf(0.25, 0.5, 2, 4),
    /** Learning rate over the critical one of all samples. */
    multiple: Draw.oneOf(0.5, 0.7, 0.9, 1.1),
    seed: Draw.seed(),
  }),
  value: batchDescent,
  margin: ({ instance, kernels, value: descend }) => {
    const { batch, multiple, samples, scale } = instance
    // no unit is dead, which would leave batches that nothing moves
    const { architecture, features, seed, start, targets } = expand(instance, kernels, {
      activation: "tanh",
    })
    const network = ntkNetwork({ architecture, features, kernels })
    const critical = criticalRate(network, meanSquared(targets), start)
    const share = (batchSize: number, factor: number, steps: number) => {
      const method = descend({
        batchSize,
        update: sgd({ learningRate: (multiple * critical) / factor }),
        seed: seed.child("order"),
        probeEvery: 1,
        // bounds of the loss depend on its scale: none of them in these steps
        evaluateEvery: 1000,
      })
      const run = method.init({ model: network, loss: meanSquared(targets, factor) }, start)
      advance(method, [run], steps, { kernels })
      return supercriticalShareOf(run)
    }
    return Margin.all(
      Margin.holds(share(batch, scale, 6) === share(batch, 1, 6)),
      Margin.holds(share(samples, scale, 1) === (multiple > 1 ? 1 : 0)),
    )
  },
  controls: [
    {
      name: "the critical rate of the mean of squares, whatever the loss",
      value: (options) => {
        const method = batchDescent(options)
        const curvature: OutputLoss["curvature"] = (predictions, out) =>
          out.fill(2 * Theory.meanFactor(predictions.length))
        return {
          ...method,
          init: ({ loss, model }, start) =>
            method.init({ model, loss: { ...loss, curvature } }, start),
        }
      },
    },
    {
      name: "no batch past its critical rate",
      value: (options) => {
        const method = batchDescent(options)
        return {
          ...method,
          step: (state) => {
            const loss = method.step(state)
            state.past = 0
            return loss
          },
        }
      },
    },
  ],
})
