/** The command `certify` on a small network after 200 steps of gradient descent: its trace and top eigenvalues. */
import { certify } from "@nonconvex/flat-minima"
import * as Kernels from "@nonconvex/numerics/Kernels"
import * as RelaxedKernels from "@nonconvex/numerics/RelaxedKernels"
import * as Lanczos from "@nonconvex/numerics/Lanczos"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Trace from "@nonconvex/numerics/Trace"
import * as Vector from "@nonconvex/numerics/Vector"
import * as Architecture from "@nonconvex/problems/network/Architecture"
import * as Loss from "@nonconvex/problems/network/Loss"
import { network } from "@nonconvex/problems/network/Network"
import { numbers } from "../../src/Numbers.ts"
import type { Implementation, Parameters, Work, Workload } from "../../src/Workload.ts"
import { compiled } from "../numerics/Compiled.ts"

const activations = ["tanh", "relu"] as const
const seed = Seed.root(1)

/** The network and its parameters; the Python side makes the same. */
const trained = (
  { activation, classes, hidden, inputs, samples }: Parameters,
  kernels: Kernels.Kernels,
) => {
  const widths = [inputs!, hidden!, classes!]
  const features = numbers(samples! * inputs!, 1).map((x) => 2 * x)
  const labels = Int32Array.from({ length: samples! }, (_, i) => {
    const row = features.subarray(i * inputs!, (i + 1) * inputs!)
    return Math.floor(Math.abs(row[0]! + row[1]!) * classes! * 0.999) % classes!
  })
  const architecture = Architecture.make({ widths, activation: activations[activation!]! })
  const objective = network({
    features,
    dimension: inputs!,
    architecture,
    loss: Loss.crossEntropy(labels),
    kernels,
  })
  const point = numbers(objective.dimension, 2)
  const gradient = new Float64Array(point.length)
  for (let step = 0; step < 200; step++) {
    objective.valueAndGradient(point, gradient)
    Vector.axpy(-0.2, gradient, point)
  }
  return { objective, point }
}

/** Numbers of `compute`, in the order of the figures. */
const figured = (compute: () => ReadonlyArray<number>): Work => {
  let found: ReadonlyArray<number> = []
  return {
    run: () => {
      found = compute()
    },
    result: () => found,
  }
}

const whole = (kernels: Kernels.Kernels) => (parameters: Parameters) => {
  const { objective, point } = trained(parameters, kernels)
  const options = { lossTolerance: 0.01, seed, kernels }
  return figured(() => {
    const { topEigenvalues, trace } = certify(objective, point, options)
    return [
      trace.estimate,
      trace.standardError,
      ...topEigenvalues.slice(0, 3).map(({ value }) => value),
      topEigenvalues[0]!.residual,
    ]
  })
}

const alone = (kernels: Kernels.Kernels) => (parameters: Parameters) => {
  const { objective, point } = trained(parameters, kernels)
  const { dimension } = objective
  const multiply = (v: Float64Array, out: Float64Array) => objective.hessianVector(point, v, out)
  return figured(() => {
    const trace =
      objective.hessianTrace === undefined
        ? Trace.hutchPlusPlus(multiply, { dimension, products: 60, seed })
        : { estimate: objective.hessianTrace.value(point), standardError: 0 }
    const top = Lanczos.topEigenpairs(multiply, {
      dimension,
      count: 3,
      seed,
      tolerance: 1e-3,
      kernels,
    })
    return [trace.estimate, trace.standardError, ...top.values, top.residuals[0]!]
  })
}

/** Both ways of one kind of kernels. */
const waysOf = (name: string, kernels: Kernels.Kernels): ReadonlyArray<Implementation> => [
  { name: `certify, with its verdict${name}`, own: true, prepare: whole(kernels) },
  { name: `trace and eigenvalues alone${name}`, own: true, prepare: alone(kernels) },
]

const [verdict, few] = [compiled(whole), compiled(alone)]

const figures = [
  "trace",
  "its standard error",
  "eigenvalue 1",
  "eigenvalue 2",
  "eigenvalue 3",
  "residual of 1",
]

const small = { inputs: 20, hidden: 32, classes: 5, samples: 500 }

const sizes = [
  { activation: 0, ...small },
  { activation: 1, ...small },
  { activation: 0, inputs: 40, hidden: 80, classes: 8, samples: 700 },
  { activation: 0, inputs: 64, hidden: 256, classes: 10, samples: 1000 },
]

export const workload: Workload = {
  cases: sizes.map((parameters) => {
    const { activation, classes, hidden, inputs } = parameters
    const size = hidden * (inputs + 1) + classes * (hidden + 1)
    const name = activations[activation]!
    return {
      name: `${name}, ${size.toLocaleString("en")} parameters`,
      parameters,
      family: { work: `certify, ${name}`, by: "parameters", size },
      figures,
    }
  }),
  implementations: [
    ...waysOf("", Kernels.strict()),
    ...waysOf(", relaxed", RelaxedKernels.relaxed()),
    ...verdict.implementations.map((each) => ({
      ...each,
      name: "certify, with its verdict, compiled",
    })),
    ...few.implementations.map((each) => ({
      ...each,
      name: "trace and eigenvalues alone, compiled",
    })),
  ],
  missing: few.missing,
  versions: few.versions,
}
