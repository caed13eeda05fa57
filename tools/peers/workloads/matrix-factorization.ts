/** Label-noise descent on deep factorisations, small and large, whole runs of gradient descent on tiny ones, and a nuclear-norm completion. */
import {
  completion,
  deepFactorisation,
  dense,
  labelNoiseDescent,
  measure,
  minimiseNuclearNorm,
} from "@nonconvex/matrix-factorization"
import { Kernels, Seed } from "@nonconvex/numerics"
import * as RelaxedKernels from "@nonconvex/numerics/RelaxedKernels"
import { advance } from "@nonconvex/problems"
import { numbers } from "../src/Numbers.ts"
import type { Implementation, Parameters, Work, Workload } from "../src/Workload.ts"
import { compiled } from "./numerics/Compiled.ts"

/** Uniform numbers of variance `deviation^2`. */
const spread = (count: number, salt: number, deviation: number): Float64Array<ArrayBuffer> => {
  const out = numbers(count, salt)
  const factor = Math.sqrt(12) * deviation
  for (let i = 0; i < count; i++) out[i]! *= factor
  return out
}

const learningRate = 1e-3

/** Measurements and targets of a product of square matrices, and where its descent starts. */
const problem = (d: number, layers: number, n: number, kernels: Kernels.Kernels) => ({
  objective: deepFactorisation({
    measurements: dense({ rows: d, columns: d, matrices: spread(n * d * d, 1, 1), kernels }),
    targets: spread(n, 2, 1),
    widths: Array.from({ length: layers + 1 }, () => d),
  }),
  start: spread(layers * d * d, 3, 0.5 / Math.sqrt(d)),
})

/** Noisy steps over batches. Indices and noise are drawn before. */
const noisy =
  (kernelsOf: () => Kernels.Kernels) =>
  ({ batch, d, layers, n, steps }: Parameters): Work | undefined => {
    if (batch === undefined || d === undefined || layers === undefined) return undefined
    if (n === undefined || steps === undefined) return undefined
    const kernels = kernelsOf()
    const { objective, start } = problem(d, layers, n, kernels)
    const indices = Uint32Array.from(numbers(steps * batch, 4), (u) => Math.floor((u + 0.5) * n))
    const noise = spread(steps * batch, 5, 0.5)
    const labels = noise.map((value, k) => objective.targets[indices[k]!]! + value)
    const sampling = { sampling: "replacement", batch, seed: Seed.root(1) } as const
    const method = labelNoiseDescent({ learningRate, noise: 0.5, ...sampling })
    let point: ArrayLike<number> = start
    return {
      run: () => {
        const state = { ...method.init(objective, start), drawn: { indices, labels }, used: 0 }
        advance(method, [state], steps, { kernels })
        point = state.point
      },
      result: () => point,
    }
  }

/** Steps over all measurements, one by one. */
const descent =
  (kernelsOf: () => Kernels.Kernels) =>
  (parameters: Parameters): Work | undefined => {
    const { batch, d, layers, n, steps } = parameters
    if (batch !== undefined) return noisy(kernelsOf)(parameters)
    if (d === undefined || layers === undefined || n === undefined || steps === undefined) {
      return undefined
    }
    const { objective, start } = problem(d, layers, n, kernelsOf())
    const { allocate, kernels } = objective.measurements
    const point = allocate(start.length)
    const gradient = allocate(start.length)
    return {
      run: () => {
        point.set(start)
        for (let step = 0; step < steps; step++) {
          objective.valueAndGradient(point, gradient)
          kernels.axpy(-learningRate, gradient, point)
        }
      },
      result: () => point,
    }
  }

/** Runs of gradient descent from starts of their own: d x hidden x d, n measurements. */
const tiny =
  (kernels: Kernels.Kernels): Implementation["prepare"] =>
  ({ d, hidden, n, runs, steps }) => {
    if (d === undefined || hidden === undefined || n === undefined || runs === undefined)
      return undefined
    const objective = deepFactorisation({
      measurements: dense({ rows: d, columns: d, matrices: spread(n * d * d, 1, 1), kernels }),
      targets: spread(n, 2, 1),
      widths: [d, hidden, d],
    })
    const method = labelNoiseDescent({ learningRate, noise: 0, seed: Seed.root(1) })
    const starts = Array.from({ length: runs }, (_, r) => spread(2 * d * hidden, 10 + r, 0.5))
    let points: ArrayLike<number> = []
    return {
      run: () => {
        const states = starts.map((start) => method.init(objective, start))
        advance(method, states, steps!, { kernels })
        points = states.flatMap(({ point }) => [...point])
      },
      result: () => points,
    }
  }

const completed = ({ observed, rank, size }: Parameters): Work | undefined => {
  if (size === undefined || rank === undefined || observed === undefined) return undefined
  const [u, v] = [spread(size * rank, 1, 1), spread(size * rank, 2, 1)]
  const truth = new Float64Array(size * size)
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      for (let k = 0; k < rank; k++) truth[i * size + j]! += u[i * rank + k]! * v[j * rank + k]!
    }
  }
  const shown = numbers(size * size, 3)
  const entries = Array.from(shown.keys())
    .filter((at) => shown[at]! + 0.5 < observed)
    .map((at) => [Math.floor(at / size), at % size] as const)
  const measurements = completion({ rows: size, columns: size, entries })
  const targets = measure(measurements, truth)
  let matrix: ArrayLike<number> = truth
  return {
    run: () => {
      const found = minimiseNuclearNorm(measurements, targets, { tolerance: 1e-8 })
      matrix = found.status === "certified" ? found.matrix : new Float64Array(size * size)
    },
    result: () => matrix,
  }
}

const native = compiled(
  (kernels) => (parameters) =>
    parameters["batch"] === undefined ? descent(() => kernels)(parameters) : undefined,
  ({ n }) => n! >= 500,
)

export const workload: Workload = {
  ...native,
  cases: [
    ...[5, 10, 20].map((d) => ({
      name: `10000 label-noise steps, d=${d}, L=3, n=160, B=20`,
      parameters: { d, layers: 3, n: 160, batch: 20, steps: 10_000 },
      family: { work: "10000 label-noise steps, L=3, n=160, B=20", by: "d", size: d },
      tolerance: 1e-8,
    })),
    ...[1, 8].map((runs) => ({
      name: `4000 steps of gradient descent, 2 x 3 x 2, n=2, ${runs === 1 ? "one run" : `${runs} runs`}`,
      parameters: { d: 2, hidden: 3, n: 2, runs, steps: 4000 },
      tolerance: 1e-9,
    })),
    ...[500, 1000, 2000].map((n) => ({
      name: `10 full-batch steps, d=100, L=3, n=${n}`,
      parameters: { d: 100, layers: 3, n, steps: 10 },
      bytes: 10 * 8 * n * 10_000,
      limit: "memory" as const,
      family: { work: "10 full-batch steps, d=100, L=3", by: "n", size: n },
      tolerance: 1e-10,
    })),
    ...[100, 150, 200].map((size) => ({
      name: `nuclear-norm completion, ${size} x ${size}, rank 5, 40 % seen, gap 1e-8`,
      parameters: { size, rank: 5, observed: 0.4 },
      family: { work: "nuclear-norm completion, rank 5, 40 % seen", by: "rows", size },
      tolerance: 1e-5,
    })),
  ],
  implementations: [
    { name: "matrix-factorization", own: true, prepare: descent(Kernels.strict) },
    { name: "matrix-factorization, relaxed", own: true, prepare: descent(RelaxedKernels.relaxed) },
    { name: "matrix-factorization, whole runs", own: true, prepare: tiny(Kernels.strict()) },
    ...native.implementations,
    { name: "matrix-factorization, nuclear norm", own: true, prepare: completed },
  ],
}
