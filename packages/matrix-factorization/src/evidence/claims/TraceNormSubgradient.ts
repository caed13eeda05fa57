import { claim, Margin } from "@nonconvex/evidence"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import { Factorisation } from "../../index.ts"
import { range } from "../support/Combinations.ts"
import { normals } from "../support/Instances.ts"
import { derived } from "../support/Paper.ts"
import { expandTwo, twoLayers } from "../support/RandomTwoLayers.ts"
import { traceNorm } from "../../flatness/TraceNorm.ts"

export const traceNormSubgradient = claim({
  id: "matrix-factorization/trace-norm-subgradient",
  statement:
    "The subgradient G of the trace norm at M has <G, M> equal to the norm of M, and <G, N> at most that of any N.",
  inFloatingPoint: "spectrum",
  source: derived("subgradients of a norm"),
  instances: twoLayers,
  value: 1,
  margin: ({ instance, kernels, value: factor }) => {
    const { measurements, shape, x } = expandTwo(instance, kernels)
    const m = Factorisation.endToEnd(shape, x, kernels)
    const { subgradient, value } = traceNorm(measurements)
    const g = subgradient(m)
    Vector.scale(factor, g)
    const others = range(3).map((k) => {
      const other = normals(Seed.root(instance.seed).child("N").child(k), m.length)
      return Margin.atMost(Vector.dot(g, other), value(other), 1e-9)
    })
    return Margin.all(Margin.equal(Vector.dot(g, m), value(m), { relative: 1e-9 }), ...others)
  },
  controls: [{ name: "half of it", value: 0.5 }],
})
