/** Tangent kernels by every route. */
import { claim, Kind, Margin } from "@nonconvex/evidence"
import type { Kernels } from "@nonconvex/numerics/Kernels"
import * as SymmetricEigen from "@nonconvex/numerics/SymmetricEigen"
import { kernelOperator } from "../../network/Model.ts"
import { ntkNetwork } from "../../network/NtkNetwork.ts"
import { decompose, topOfKernel, topPairs } from "../../network/TangentKernel.ts"
import * as TwoLayer from "../../theory/TwoLayer.ts"
import { expand, sized } from "../support/Expand.ts"
import { scaled } from "../support/MetamorphicRun.ts"
import { nearVector } from "../support/Near.ts"
import { derived } from "../support/Paper.ts"
import { ours } from "../support/Subject.ts"

/** Relative precision of the remainder of a residual that lies almost wholly in the top eigenspace. */
const restMargin = (kernel: Float64Array, n: number, kernels: Kernels): Margin.Comparison => {
  const { values, vectors } = topOfKernel(kernel, n, { count: 2, route: "dense", kernels })
  const small = 1e-7
  const residual = vectors.slice(0, n).map((x, i) => 3 * x + small * vectors[n + i]!)
  const top = { values: values.subarray(0, 1), vectors: vectors.subarray(0, n) }
  const { rest, shares } = decompose(top, residual, 0.5)
  return Margin.all(
    Margin.equal(rest, 0.5 * small * small, { relative: 1e-6 }),
    Margin.equal(1 - shares[0]!, 0, { absolute: 1e-13 }),
  )
}

export const tangentKernelRoutes = claim({
  id: "catapults/tangent-kernel-routes",
  statement:
    "Three ways to the tangent kernel of a two-layer ReLU network agree: the closed form, the Gram matrix of its Jacobian, and products with J and J'. So do the top eigenvalues that Lanczos and a full decomposition find. A residual almost entirely in the top eigenspace keeps the digits of its remainder.",
  inFloatingPoint: "agreement",
  source: Kind.identity(derived("closed form of the tangent kernel")),
  subject: ours,
  instances: sized([12, 8, 24], {}),
  value: TwoLayer.tangentKernel,
  margin: ({ instance, kernels, subject, value: closedForm }) => {
    const problem = expand(instance, kernels)
    const { architecture, features, start } = problem
    const { inputs, samples: n, width } = instance
    const { kernel } = subject({ ...problem, step: 1, steps: 0 })
    const closed = closedForm({
      inputs,
      width,
      features,
      first: start.subarray(0, width * inputs),
      second: start.subarray(width * inputs),
    })
    const network = ntkNetwork({ architecture, features, kernels })
    network.predict(start, new Float64Array(n))
    const { dimension: p } = network
    const jacobian = new Float64Array(n * p)
    const operator = kernelOperator(network)
    const products = new Float64Array(n * n)
    for (let i = 0; i < n; i++) {
      const one = new Float64Array(n)
      one[i] = 1
      network.addPullback(1, one, jacobian.subarray(i * p, (i + 1) * p))
      operator(one, products.subarray(i * n, (i + 1) * n))
    }
    const gram = new Float64Array(n * n)
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        for (let a = 0; a < p; a++) gram[i * n + j]! += jacobian[i * p + a]! * jacobian[j * p + a]!
      }
    }
    const all = SymmetricEigen.eigenvalues(gram, n, kernels)
    const top = Float64Array.of(all[n - 1]!)
    return Margin.all(
      nearVector(kernel, gram, 1e-9),
      nearVector(closed, gram, 1e-9),
      nearVector(products, gram, 1e-9),
      nearVector(topOfKernel(kernel, n, { route: "lanczos", kernels }).values, top, 1e-9),
      nearVector(topPairs(network, n, { route: "matrix-free" }).values, top, 1e-9),
      n < 2 ? Margin.holds(true) : restMargin(gram, n, kernels),
    )
  },
  controls: [
    {
      name: "the kernel of the second layer alone",
      value: (network) => TwoLayer.tangentKernel({ ...network, second: scaled(network.second, 0) }),
    },
    {
      name: "inputs not divided by their number",
      value: (network) => {
        const second = scaled(network.second, Math.sqrt(network.inputs + 1))
        return TwoLayer.tangentKernel({ ...network, second })
      },
    },
  ],
})
