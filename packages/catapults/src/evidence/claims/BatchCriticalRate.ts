import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import { meanSquared } from "../../network/OutputLoss.ts"
import { taylorModel } from "../../network/QuadraticModel.ts"
import { topEigenvalue, topOfKernel } from "../../network/TangentKernel.ts"
import * as Theory from "../../theory/index.ts"
import { jacobianOf, type Kernel, kernelOf, part, shape } from "../support/BatchKernels.ts"
import { derived } from "../support/Paper.ts"

/**
 * Factor by which a step on the batch multiplies its mean squared error, from the worst residual of the linear model.
 */
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

export const batchCriticalRate = claim({
  id: "catapults/batch-critical-rate",
  statement:
    "On a linear model, a step on a batch lowers its mean squared loss from every start just below the rate b / lambda_max(K_B). K_B is a principal submatrix of the kernel of all samples, so this rate is at least b / n times the critical rate of all samples.",
  inFloatingPoint: "spectrum",
  source: derived("critical rate of a batch, interlacing of principal submatrices"),
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
