import { Kind } from "@nonconvex/evidence"
import type * as Kernels from "@nonconvex/numerics/Kernels"
import type * as Seed from "@nonconvex/numerics/Seed"
import { descentOf } from "../../descent/Descent.ts"
import { normalStart, ntkArchitecture } from "../../network/NtkArchitecture.ts"
import { ntkNetwork } from "../../network/NtkNetwork.ts"
import { meanSquared } from "../../network/OutputLoss.ts"
import * as TangentKernel from "../../network/TangentKernel.ts"
import { normals } from "../support/Expand.ts"
import { counted, statistical } from "../support/FixedSeeds.ts"
import { recalled } from "../support/Paper.ts"

/** Samples, inputs and neurons. */
const sizes = { n: 64, d: 100, m: 1024 }

/**
 * Inputs with a common direction and class directions of the same relative size as in images of two kinds of clothes.
 */
const common = { shared: 0.5, ofClass: 0.2 }

const twoClasses = (
  seed: Seed.Seed,
  { ofClass, shared }: typeof common,
  kernels: Kernels.Kernels,
) => {
  const { d, m, n } = sizes
  const draw = (label: string, length: number) => normals(seed.child(label), length)
  const [all, pair] = [draw("shared", d), draw("class", d)]
  const labels = Float64Array.from({ length: n }, (_, i) => (i % 2 === 0 ? -1 : 1))
  const features = draw("noise", n * d).map(
    (noise, at) =>
      Math.sqrt(shared) * all[at % d]! +
      Math.sqrt(ofClass) * labels[Math.floor(at / d)]! * pair[at % d]! +
      Math.sqrt(1 - shared - ofClass) * noise,
  )
  const architecture = ntkArchitecture({ widths: [d, m] })
  const start = normalStart(architecture, seed.child("start"))
  const loss = meanSquared(labels)
  const network = ntkNetwork({ architecture, features, kernels })
  return { loss, descent: descentOf(network, loss, start) }
}

/** Share of the loss within the top `count` eigenvectors at the highest point of the spike; NaN where nothing spikes. */
const peakShare = (
  seed: Seed.Seed,
  count: number,
  multiple: number,
  inputs: typeof common,
  kernels: Kernels.Kernels,
): number => {
  const { n } = sizes
  const { descent, loss } = twoClasses(seed, inputs, kernels)
  const kernel = new Float64Array(n * n)
  descent.evaluate()
  const rate = multiple * descent.criticalRate()
  let previous = Number.POSITIVE_INFINITY
  let share = Number.NaN
  let largest = Number.NEGATIVE_INFINITY
  for (let t = 0; t < 80; t++) {
    const value = descent.evaluate()
    if (!(value < 1e7)) return Number.NaN
    if (value > previous && value > largest) {
      largest = value
      descent.tangentKernel(kernel)
      const residual = descent.predictions.map((f, i) => f - loss.targets[i]!)
      const pairs = TangentKernel.topOfKernel(kernel, n, { count, kernels })
      share = TangentKernel.decompose(pairs, residual, loss.factor(n)).shares[count - 1]!
    }
    previous = value
    descent.move(rate)
  }
  return share
}

/** 1.2 to 2.5, by the label of the seed. */
const violent = (seed: Seed.Seed) => 1.2 + (1.3 * (seed.words[1] % 1000)) / 1000

/**
 * Share of the change within the top eigenspace: at least 0.998 for twelve single seeds at 1.9 and 2.5. On isotropic
 * inputs the claim is false from about 1.9 on.
 */
export const spikeInTheTopEigenspace = statistical({
  id: "catapults/spike-in-the-top-eigenspace",
  statement:
    "Take a wide two-layer network on two classes of inputs with a common mean, at the peak of a spike at 1.2 to 2.5 times the critical rate. At least 95 % of its loss lies within the top 5 of 64 eigenvectors of its tangent kernel, in at least 9 of 10 runs.",
  inFloatingPoint: "statistical",
  source: Kind.observation(
    recalled("the spike occurs in the top eigenspace of the tangent kernel"),
  ),
  margin: (seed, kernels, { inputs, multiple }) =>
    counted(seed, 10, 9, (each) => peakShare(each, 5, multiple(each), inputs, kernels) >= 0.95),
  value: { inputs: common, multiple: violent },
  controls: [
    {
      name: "isotropic inputs, whose kernel has no outlier eigenvalues",
      value: { inputs: { shared: 0, ofClass: 0 }, multiple: () => 2.1 },
    },
  ],
})
