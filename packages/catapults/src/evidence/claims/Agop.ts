import { claim, Draw, Kind, Margin } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import * as Agop from "../../features/Agop.ts"
import { ntkNetwork } from "../../network/NtkNetwork.ts"
import { topOfKernel } from "../../network/TangentKernel.ts"
import { expand, sized } from "../support/Expand.ts"
import { scaled } from "../support/MetamorphicRun.ts"
import { nearVector } from "../support/Near.ts"
import { recalled } from "../support/Paper.ts"

/** Pre-activations this close to a kink have no derivative that differences could find. */
const kink = 1e-3

export const agop = claim({
  id: "catapults/agop",
  statement:
    "The average gradient outer product is symmetric and positive semidefinite, does not depend on how samples are batched, and agrees with finite differences of the predictions.",
  inFloatingPoint: "agreement",
  source: Kind.identity(recalled("definition of the AGOP")),
  instances: sized([12, 8, 24], { batch: Draw.integer(1, 12) }),
  value: Agop.agop,
  margin: ({ instance, kernels, value: sum }) => {
    const { architecture, features, start } = expand(instance, kernels)
    const { inputs: d, samples: n, width } = instance
    const network = ntkNetwork({ architecture, features, kernels })
    const whole = sum(network, start)
    const batched = sum(network, start, { batchSize: instance.batch })
    const predict = (moved: Float64Array) => {
      const out = new Float64Array(n)
      ntkNetwork({ architecture, features: moved, kernels }).predict(start, out)
      return out
    }
    const isNearKink = Array.from({ length: n * width }, (_, at) => {
      const [k, i] = [Math.floor(at / width), at % width]
      return Math.abs(
        Vector.dot(features.subarray(k * d, (k + 1) * d), start.subarray(i * d, (i + 1) * d)),
      )
    }).some((z) => z < kink)
    const h = 1e-5
    const rows = new Float64Array(n * d)
    for (let j = 0; j < d; j++) {
      const shifted = (by: number) =>
        Float64Array.from(features, (x, at) => (at % d === j ? x + by : x))
      const [up, down] = [predict(shifted(h)), predict(shifted(-h))]
      for (let k = 0; k < n; k++) rows[k * d + j] = (up[k]! - down[k]!) / (2 * h)
    }
    const differences = new Float64Array(d * d)
    kernels.syrk(true, d, n, 1 / n, rows, 0, differences)
    const transposed = whole.map((_, at) => whole[(at % d) * d + Math.floor(at / d)]!)
    // positive semidefinite: the smallest eigenvalue is the largest of -G, taken from above
    const least = -topOfKernel(scaled(whole, -1), d, { route: "dense", kernels }).values[0]!
    return Margin.all(
      nearVector(whole, transposed, 1e-12),
      nearVector(batched, whole, 1e-12),
      isNearKink ? Margin.holds(true) : nearVector(whole, differences, 1e-6),
      Margin.atLeast(least + 1e-12 * Math.max(1, Vector.norm(whole)), 0),
    )
  },
  controls: [
    {
      name: "a sum that is not divided",
      value: (model, parameters, options) =>
        Agop.agop(model, parameters, options).map((entry) => entry * model.size),
    },
    {
      name: "every batch divided by its own size, and not weighed",
      value: (model, parameters, options) => {
        const size = options?.batchSize ?? model.size
        return Agop.agop(model, parameters, options).map(
          (entry) => (entry * Math.ceil(model.size / size) * size) / model.size,
        )
      },
    },
  ],
})
