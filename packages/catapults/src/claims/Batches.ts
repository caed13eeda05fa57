/** Batches of any positive semidefinite kernel: what splitting them does to critical rates. */
import { Draw, law, Margin } from "@nonconvex/evidence"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import { meanSquared } from "../OutputLoss.ts"
import { taylorModel } from "../QuadraticModel.ts"
import { topEigenvalue, topOfKernel } from "../TangentKernel.ts"
import * as Theory from "../Theory.ts"
import { normals } from "./Expand.ts"
import { derived } from "./Paper.ts"

interface Kernel {
  readonly samples: number
  readonly parameters: number
  readonly seed: number
}

/** J with rows of very different length. */
const jacobianOf = ({ parameters: p, samples: n, seed }: Kernel): Float64Array => {
  const root = Seed.root(seed)
  const jacobian = normals(root.child("jacobian"), n * p)
  const scales = normals(root.child("scales"), n)
  for (let i = 0; i < n; i++) {
    Vector.scale(Math.exp(2 * scales[i]!), jacobian.subarray(i * p, (i + 1) * p))
  }
  return jacobian
}

/** `J J'`. */
const kernelOf = (instance: Kernel): Float64Array => {
  const { parameters: p, samples: n } = instance
  const jacobian = jacobianOf(instance)
  const row = (i: number) => jacobian.subarray(i * p, (i + 1) * p)
  return Float64Array.from({ length: n * n }, (_, at) =>
    Vector.dot(row(Math.floor(at / n)), row(at % n)),
  )
}

const part = (kernel: Float64Array, n: number, indices: ArrayLike<number>): Float64Array => {
  const b = indices.length
  return Float64Array.from(
    { length: b * b },
    (_, at) => kernel[indices[Math.floor(at / b)]! * n + indices[at % b]!]!,
  )
}

const kernels = Draw.record<Kernel>({
  samples: Draw.oneOf(4, 8, 12, 16),
  parameters: Draw.integer(1, 20),
  seed: Draw.seed(),
})

/** Rates of the batches of a partition, and the mean that the law is about. */
interface Rates {
  readonly rate: typeof Theory.batchCriticalRate
  readonly mean: typeof Theory.harmonicMean
}

/** E14. */
export const refinement = law<Rates, Kernel>({
  id: "catapults/batch-size-law",
  statement:
    "The harmonic mean over an epoch of the critical rates b / lambda_max(K_B) is at most the critical rate of all samples, does not grow when batches are split, and is n / tr K for single samples.",
  source: derived("batch-size law"),
  instances: kernels,
  margin: ({ mean, rate }, instance) => {
    const n = instance.samples
    const kernel = kernelOf(instance)
    const order = RandomStream.make(Seed.root(instance.seed).child("order")).permutation(n)
    let before = rate(n, topEigenvalue(kernel, n))
    let margin = 1
    let size = n
    while (size > 1) {
      size = size % 2 === 0 ? size / 2 : 1
      const rates = Array.from({ length: n / size }, (_, k) => {
        const indices = order.subarray(k * size, (k + 1) * size)
        return rate(size, topEigenvalue(part(kernel, n, indices), size))
      })
      const now = mean(rates)
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
      subject: (rates) => ({
        ...rates,
        mean: (values) => Array.from(values).reduce((sum, value) => sum + value, 0) / values.length,
      }),
    },
    {
      name: "the batch size dropped",
      subject: (rates) => ({ ...rates, rate: (_b, top) => 1 / top }),
    },
  ],
})

interface Batch extends Kernel {
  readonly batch: number
}

/** Times by which a step on the batch multiplies its mean of squares, from the worst residual of the linear model. */
const growth = (instance: Batch, indices: Uint32Array, worst: Float64Array, rate: number) => {
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

/** E15. */
export const principalParts = law<Rates["rate"], Batch>({
  id: "catapults/batch-critical-rate",
  statement:
    "On a linear model a step on a batch lowers the mean of squares of the batch from every start just below the rate b / lambda_max(K_B). K_B is a principal part of the kernel of all samples, so that rate is at least b / n times that of all of them.",
  source: derived("critical rate of a batch, interlacing of principal parts"),
  instances: Draw.record<Batch>({
    samples: Draw.oneOf(4, 8, 12, 16),
    parameters: Draw.integer(1, 20),
    batch: Draw.integer(1, 4),
    seed: Draw.seed(),
  }),
  margin: (rate, instance) => {
    const n = instance.samples
    const kernel = kernelOf(instance)
    const indices = RandomStream.make(Seed.root(instance.seed).child("batch"))
      .permutation(n)
      .slice(0, instance.batch)
    const { values, vectors } = topOfKernel(part(kernel, n, indices), instance.batch)
    const critical = rate(instance.batch, values[0]!)
    const all = topEigenvalue(kernel, n)
    return Margin.all(
      Margin.atMost(growth(instance, indices, vectors, 0.99 * critical), 1),
      Margin.atLeast(growth(instance, indices, vectors, 1.01 * critical), 1),
      Margin.atMost(values[0]!, all, 1e-10),
      Margin.atLeast(critical, (instance.batch / n) * rate(n, all), 1e-10),
    )
  },
  controls: [
    { name: "the batch size squared", subject: (rate) => (b, top) => rate(b, top) * b },
    { name: "the batch size dropped", subject: (rate) => (b, top) => rate(b, top) / b },
    { name: "half of it", subject: (rate) => (b, top) => rate(b, top) / 2 },
    { name: "twice of it", subject: (rate) => (b, top) => rate(b, top) * 2 },
  ],
})
