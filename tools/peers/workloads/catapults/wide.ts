/**
 * Steps and the tangent kernel of a wide network on images: up to 1,024 neurons, 3,072 inputs, 128 samples.
 *
 * "catapults" is what `descentOf` takes: the form in the samples, whose steps never pass through the weights, and which has the
 * pre-activations of the kernel already. "in parameters" does the arithmetic of the other side: a step at a time from weights
 * alone, which is what a caller with parameters of their own has to do.
 */
import {
  descentOf,
  meanSquared,
  ntkArchitecture,
  ntkNetwork,
  parameterDescent,
  TangentKernel,
} from "@nonconvex/catapults"
import { Kernels } from "@nonconvex/numerics"
import * as RelaxedKernels from "@nonconvex/numerics/RelaxedKernels"
import { numbers } from "../../src/Numbers.ts"
import type { Parameters, Work, Workload } from "../../src/Workload.ts"
import { compiled } from "../numerics/Compiled.ts"

/** Uniform numbers of variance 1. */
const unit = (count: number, salt: number): Float64Array =>
  numbers(count, salt).map((u) => u * Math.sqrt(12))

type Form = typeof descentOf

const wide = ({ inputs = 0, samples = 0, width = 0 }: Parameters) => ({
  architecture: ntkArchitecture({ widths: [inputs, width] }),
  features: unit(samples * inputs, 1),
  start: unit((inputs + 1) * width, 2),
  loss: meanSquared(unit(samples, 3)),
})

/** Full-batch steps: the predictions after them. */
const steps =
  (form: Form, kernels: Kernels.Kernels) =>
  (parameters: Parameters): Work | undefined => {
    const { bits, count } = parameters
    if (count === undefined) return undefined
    const { architecture, features, loss, start } = wide(parameters)
    const double = () => form(ntkNetwork({ architecture, features, kernels }), loss, start)
    const single = () => {
      const [x, w] = [Float32Array.from(features), Float32Array.from(start)]
      return form(ntkNetwork({ architecture, features: x, kernels }), loss, w)
    }
    // made before the clock starts; goes on from run to run, as on the other side
    const descent = bits === 64 ? double() : single()
    return {
      run: () => {
        for (let k = 0; k < count; k++) {
          descent.evaluate()
          descent.move(0.01)
        }
      },
      result: () => {
        descent.evaluate()
        return descent.predictions
      },
    }
  }

const topEigenvalue =
  (kernels: Kernels.Kernels) =>
  (parameters: Parameters): Work | undefined => {
    const { kernel, samples = 0 } = parameters
    if (kernel === undefined) return undefined
    const { architecture, features, start } = wide(parameters)
    const network = ntkNetwork({ architecture, features, kernels })
    const theta = network.place(start)
    const matrix = new Float64Array(samples * samples)
    const predictions = new Float64Array(samples)
    let top = Number.NaN
    return {
      run: () => {
        network.predict(theta, predictions)
        network.tangentKernel(matrix)
        top = TangentKernel.topEigenvalue(matrix, samples)
      },
      result: () => [top],
    }
  }

const relaxed = RelaxedKernels.relaxed()

/** The same where a descent is. */
const topOfDescent = (parameters: Parameters): Work | undefined => {
  const { kernel, samples = 0 } = parameters
  if (kernel === undefined) return undefined
  const { architecture, features, loss, start } = wide(parameters)
  const descent = descentOf(ntkNetwork({ architecture, features, kernels: relaxed }), loss, start)
  const matrix = new Float64Array(samples * samples)
  let top = Number.NaN
  return {
    run: () => {
      descent.evaluate()
      descent.tangentKernel(matrix)
      top = TangentKernel.topEigenvalue(matrix, samples)
    },
    result: () => [top],
  }
}

/** The steps from weights and the kernel, on the kernels that are compiled for this machine. */
const onCompiled = compiled(
  (kernels) => (parameters) =>
    steps(parameterDescent, kernels)(parameters) ?? topEigenvalue(kernels)(parameters),
  () => true,
)

const image = { inputs: 3072, samples: 128 }
const suffix = "3072 inputs, 128 samples"

export const workload: Workload = {
  ...onCompiled,
  cases: [256, 512, 1024].flatMap((width) => [
    ...([64, 32] as const).map((bits) => ({
      name: `10 full-batch steps, width ${width}, ${suffix}, float${bits}`,
      parameters: { ...image, width, count: 10, bits },
      operations: 10 * 4 * image.samples * width * image.inputs,
      limit: `float${bits}` as const,
      family: { work: `10 full-batch steps, ${suffix}, float${bits}`, by: "width", size: width },
      tolerance: bits === 64 ? 1e-6 : 1e-2,
    })),
    {
      name: `tangent kernel and its top eigenvalue, width ${width}, ${suffix}`,
      parameters: { ...image, width, kernel: 1 },
      family: { work: `tangent kernel, ${suffix}`, by: "width", size: width },
      tolerance: 1e-8,
    },
  ]),
  implementations: [
    {
      name: "catapults",
      own: true,
      prepare: (p) => steps(descentOf, relaxed)(p) ?? topOfDescent(p),
    },
    {
      name: "catapults, in parameters",
      own: true,
      prepare: (p) => steps(parameterDescent, relaxed)(p) ?? topEigenvalue(relaxed)(p),
    },
    ...onCompiled.implementations.map((each) => ({
      ...each,
      name: `catapults in parameters, ${each.name}`,
    })),
  ],
}
