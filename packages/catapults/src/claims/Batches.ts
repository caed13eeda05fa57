/** Batches of any positive semidefinite kernel: what splitting them does to critical rates. */
import { Draw, law, Margin } from "@nonconvex/evidence"
import { RandomStream, Seed, Vector } from "@nonconvex/numerics"
import { topEigenvalue } from "../TangentKernel.ts"
import * as Theory from "../Theory.ts"
import { normals } from "./Expand.ts"
import { derived } from "./Paper.ts"

interface Kernel {
  readonly samples: number
  readonly parameters: number
  readonly seed: number
}

/** `J J'` with rows of very different length. */
const kernelOf = ({ parameters: p, samples: n, seed }: Kernel): Float64Array => {
  const root = Seed.root(seed)
  const jacobian = normals(root.child("jacobian"), n * p)
  const scales = normals(root.child("scales"), n)
  const row = (i: number) => jacobian.subarray(i * p, (i + 1) * p)
  for (let i = 0; i < n; i++) Vector.scale(Math.exp(2 * scales[i]!), row(i))
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

/** E15. */
export const principalParts = law<Rates["rate"], Batch>({
  id: "catapults/batch-critical-rate",
  statement:
    "The kernel of a batch is a principal part of that of all samples: lambda_max(K_B) <= lambda_max(K), so the critical rate of a batch is at least b / n times that of all samples.",
  source: derived("interlacing of principal parts"),
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
    const top = topEigenvalue(part(kernel, n, indices), instance.batch)
    const all = topEigenvalue(kernel, n)
    return Margin.all(
      Margin.atMost(top, all, 1e-10),
      Margin.atLeast(rate(instance.batch, top), (instance.batch / n) * rate(n, all), 1e-10),
    )
  },
  controls: [
    { name: "the batch size squared", subject: (rate) => (b, top) => rate(b, top) * b },
    {
      name: "half of it",
      subject: (rate) => (b, top) => (b > 4 ? rate(b, top) : rate(b, top) / 32),
    },
  ],
})
