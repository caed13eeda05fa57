import type * as Kernels from "@nonconvex/numerics/Kernels"
import type * as Seed from "@nonconvex/numerics/Seed"
import { advance } from "@nonconvex/problems/Advance"
import { catapultDescent, spikesIn } from "../../descent/CatapultDescent.ts"
import { raising } from "../../descent/RateControl.ts"
import * as TangentKernel from "../../network/TangentKernel.ts"
import { productTask } from "./ProductTask.ts"

const wide = { inputs: 10, width: 512, samples: 64, testSamples: 1 }

/** Final over initial kernel of a run at `multiple` of the critical rate; undefined if it diverged. */
export const kernelRatio = (seed: Seed.Seed, multiple: number, kernels: Kernels.Kernels) => {
  const { loss, network, start, targets } = productTask(wide, seed, kernels)
  const n = targets.length
  const method = catapultDescent({ control: raising({ raises: 0, base: multiple }), budget: 400 })
  const run = method.init({ model: network, loss }, start)
  const { descent } = run
  const kernel = new Float64Array(n * n)
  const top = () => {
    descent.evaluate()
    descent.tangentKernel(kernel)
    return TangentKernel.topEigenvalue(kernel, n, kernels)
  }
  const before = top()
  while (run.outcome === "running") advance(method, [run], 100, { kernels })
  return {
    spikes: spikesIn(run).length,
    ratio: run.outcome === "diverged" ? Number.NaN : top() / before,
  }
}
