/** The sharpness-aware run of sparse recovery, and the trace of the Hessian of a small network. */
import { Draws, settle, sharpnessAwarePerturbation, sparseRecovery } from "@nonconvex/flat-minima"
import { Kernels } from "@nonconvex/numerics"
import * as RelaxedKernels from "@nonconvex/numerics/RelaxedKernels"
import { advance, exactTrace, network } from "@nonconvex/problems"
import * as Architecture from "@nonconvex/problems/network/Architecture"
import * as Loss from "@nonconvex/problems/network/Loss"
import { numbers } from "../src/Numbers.ts"
import type { Parameters, Work, Workload } from "../src/Workload.ts"
import { compiled } from "./numerics/Compiled.ts"

const mostSteps = 8000
const mostRuns = 8

/** Samples and signs, run after run, drawn before the clock starts as on the other side. */
const drawnIndices = new Uint32Array(mostRuns * mostSteps)
const drawnSigns = new Float64Array(mostRuns * mostSteps)
for (let run = 0; run < mostRuns; run++) {
  const source = Draws.published(5 + run)
  const place = source.begin()
  for (let i = run * mostSteps; i < (run + 1) * mostSteps; i++) {
    drawnIndices[i] = source.index(place, 5)
    drawnSigns[i] = source.sign(place)
  }
}

/** Runs that have begun: each takes the draws of the next seed. */
let begun = 0

const draws: Draws.Draws<{ used: number }> = {
  begin: () => ({ used: mostSteps * begun++ }),
  fillSphere: () => {
    // never asked for
  },
  index: ({ used }) => drawnIndices[used]!,
  sign: (place) => drawnSigns[place.used++]!,
}

const sharpnessAware =
  (kernels: Kernels.Kernels) =>
  ({ count, runs = 1 }: Parameters): Work | undefined => {
    if (count === undefined) return undefined
    const instance = sparseRecovery()
    // close to the minimum, not at it: there the signs of the residuals are rounding errors, and no two paths would agree
    const options = { learningRate: 0.01, tolerance: 1e-3 }
    const start = settle(instance.network, instance.start, options).point
    const method = sharpnessAwarePerturbation({
      learningRate: 0.01,
      plainLearningRate: 0.01,
      radius: 0.1,
      gradientThreshold: 0.5,
      draws,
    })
    let points: ReadonlyArray<ArrayLike<number>> = []
    return {
      run: () => {
        begun = 0
        const states = Array.from({ length: runs }, () => method.init(instance.network, start))
        advance(method, states, count, { kernels })
        points = states.map(({ point }) => point)
      },
      result: () => points.flatMap((point) => Array.from(point)),
    }
  }

const samples = 256
const features = numbers(samples * 64, 1)
const labels = Int32Array.from(numbers(samples, 2), (u) => Math.floor((u + 0.5) * 10))

/** A network of 64 inputs and 10 classes, and its parameters. */
const classifier = (hidden: number) => {
  const architecture = Architecture.make({ widths: [64, hidden, 10], activation: "relu" })
  return { architecture, point: numbers(architecture.dimension, 3).map((u) => 0.5 * u) }
}

const exact =
  (kernels: Kernels.Kernels) =>
  ({ hidden, trace }: Parameters): Work | undefined => {
    if (trace === undefined || hidden === undefined) return undefined
    const { architecture, point } = classifier(hidden)
    const compute = exactTrace({
      features,
      dimension: 64,
      architecture,
      loss: "cross entropy",
      kernels,
    })
    let found = Number.NaN
    return {
      run: () => {
        found = compute(point).trace
      },
      result: () => [found],
    }
  }

/** The mean of z' H z over given signs, so that both sides must agree on every product. */
const probed =
  (kernels: Kernels.Kernels) =>
  ({ hidden, probes, trace }: Parameters): Work | undefined => {
    if (trace !== undefined || hidden === undefined || probes === undefined) return undefined
    const { architecture, point } = classifier(hidden)
    const { hessianVector } = network({
      features,
      dimension: 64,
      architecture,
      loss: Loss.crossEntropy(labels),
      kernels,
    })
    const n = architecture.dimension
    const signs = numbers(probes * n, 4).map((u) => (u < 0 ? -1 : 1))
    const product = new Float64Array(n)
    const values = new Float64Array(probes)
    return {
      run: () => {
        for (let k = 0; k < probes; k++) {
          const z = signs.subarray(k * n, (k + 1) * n)
          hessianVector(point, z, product)
          let sum = 0
          for (let j = 0; j < n; j++) sum += z[j]! * product[j]!
          values[k] = sum
        }
      },
      result: () => values,
    }
  }

const native = compiled((kernels) => {
  const all = [exact, probed].map((prepare) => prepare(kernels))
  return (parameters) => all.map((prepare) => prepare(parameters)).find((work) => work)
})

export const workload: Workload = {
  ...native,
  cases: [
    ...[500, 2000, 8000].map((count) => ({
      name: `${count} sharpness-aware steps of sparse recovery, d=20`,
      parameters: { count },
      family: { work: "sharpness-aware steps of sparse recovery", by: "steps", size: count },
      tolerance: 1e-7,
    })),
    {
      name: "2000 sharpness-aware steps of sparse recovery, d=20, 8 runs",
      parameters: { count: 2000, runs: 8 },
      tolerance: 1e-7,
    },
    ...[32, 128, 512].map((hidden) => ({
      name: `trace of the Hessian, 64-${hidden}-10 network, 256 samples`,
      parameters: { trace: 1, probes: 100, hidden },
      family: { work: "trace of the Hessian of a network", by: "hidden", size: hidden },
      // of the estimates: exact are ours and NumPy's
      tolerance: 0.1,
    })),
    ...[32, 128, 512].map((hidden) => ({
      name: `100 probes of the Hessian, 64-${hidden}-10 network, 256 samples`,
      parameters: { probes: 100, hidden },
      family: { work: "100 probes of the Hessian of a network", by: "hidden", size: hidden },
      tolerance: 1e-9,
    })),
  ],
  implementations: [
    { name: "flat-minima", own: true, prepare: sharpnessAware(Kernels.strict()) },
    { name: "flat-minima, exact", own: true, prepare: exact(Kernels.strict()) },
    { name: "relaxed, exact", own: true, prepare: exact(RelaxedKernels.relaxed()) },
    { name: "flat-minima, probes", own: true, prepare: probed(Kernels.strict()) },
    { name: "relaxed, probes", own: true, prepare: probed(RelaxedKernels.relaxed()) },
    ...native.implementations,
  ],
}
