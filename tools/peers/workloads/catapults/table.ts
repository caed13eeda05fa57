/** The table of forced catapults, one seed of it: gradient descent to a training loss of 1e-3, with 0 to 3 raises of the rate. */
import {
  Agop,
  catapultDescent,
  meanSquared,
  ntkArchitecture,
  ntkNetwork,
  raising,
} from "@nonconvex/catapults"
import { Kernels } from "@nonconvex/numerics"
import * as RelaxedKernels from "@nonconvex/numerics/RelaxedKernels"
import { advance } from "@nonconvex/problems/Advance"
import { numbers } from "../../src/Numbers.ts"
import type { Parameters, Work, Workload } from "../../src/Workload.ts"

/** Normal numbers by Box and Muller, as on the other side. */
const normals = (count: number, salt: number): Float64Array => {
  const [u, v] = [numbers(count, salt), numbers(count, salt + 1000)]
  return u.map(
    (x, i) => Math.sqrt(-2 * Math.log(x + 0.5 + 2 ** -33)) * Math.cos(2 * Math.PI * v[i]!),
  )
}

const testSamples = 2000

const product = (features: Float64Array, inputs: number) =>
  Float64Array.from(
    { length: features.length / inputs },
    (_, i) => features[i * inputs]! * features[i * inputs + 1]!,
  )

/** One run of the table: test loss and alignment at a training loss of 1e-3. */
const forced = (kernels: Kernels.Kernels, parameters: Parameters, raises: number, seed: number) => {
  const { inputs = 0, samples = 0, width = 0 } = parameters
  const features = normals(samples * inputs, 10 * seed + 1)
  const test = normals(testSamples * inputs, 10 * seed + 2)
  const start = normals((inputs + 1) * width, 10 * seed + 3)
  const architecture = ntkArchitecture({ widths: [inputs, width] })
  const loss = meanSquared(product(features, inputs))
  const method = catapultDescent({ control: raising({ raises }) })
  const run = method.init({ model: ntkNetwork({ architecture, features, kernels }), loss }, start)
  while (run.outcome === "running") advance(method, [run], 1000)
  const theta = run.descent.parameters()
  const tested = ntkNetwork({ architecture, features: test, kernels })
  const predictions = new Float64Array(testSamples)
  tested.predict(theta, predictions)
  const truth = product(test, inputs)
  const error = predictions.reduce((sum, f, i) => sum + (f - truth[i]!) ** 2, 0) / testSamples
  return [error, Agop.alignment(Agop.agop(tested, theta), Agop.ofProduct(2, inputs))]
}

export const table = (parameters: Parameters): Work | undefined => {
  const { seeds } = parameters
  if (seeds === undefined) return undefined
  const kernels = RelaxedKernels.relaxed()
  let rows: ReadonlyArray<number> = []
  return {
    run: () => {
      rows = Array.from({ length: seeds }, (_, seed) =>
        [0, 1, 2, 3].flatMap((raises) => forced(kernels, parameters, raises, seed)),
      ).flat()
    },
    result: () => rows,
  }
}

export const sizes = { inputs: 30, width: 512, samples: 512 }

export const workload: Workload = {
  cases: [
    {
      name: "forced catapults, d=30, width 512, n=512, one seed: 4 runs",
      parameters: { ...sizes, seeds: 1 },
      // hundreds of steps past the limit of stability amplify rounding
      tolerance: 1e-3,
    },
  ],
  implementations: [{ name: "catapults", own: true, prepare: table }],
}
