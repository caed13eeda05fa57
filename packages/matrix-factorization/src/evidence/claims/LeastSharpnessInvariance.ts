import { claim, Kind, Margin } from "@nonconvex/evidence"
import { sharpness } from "../../index.ts"
import { range } from "../support/Combinations.ts"
import { distance, normals, total } from "../support/Instances.ts"
import { derived } from "../support/Paper.ts"
import { orbitOf, orbits } from "../support/SharpnessOrbits.ts"
import { selected } from "../support/Transformations.ts"
import * as Factorisation from "../../factorisation/Factorisation.ts"
import { gaugeDescent } from "../../flatness/GaugeDescent.ts"

export const leastSharpnessInvariance = claim({
  id: "matrix-factorization/least-sharpness-invariance",
  statement:
    "The least T of a product, by descent along its factorisations, does not change with unused hidden units nor when all measurements are listed twice, and no factorisation lies below it.",
  inFloatingPoint: "limit",
  source: Kind.identity(derived("metamorphic; F(A, A) = F(A)")),
  instances: orbits,
  value: (count: number) => [...range(count), ...range(count)],
  margin: ({ instance, kernels, value: again }) => {
    const { count, depth, rank, size, spare } = instance
    const { m, measurements, root, shape } = orbitOf(instance, kernels)
    const found = gaugeDescent(measurements, shape, m)
    const wider = Factorisation.uniformShape(size, size, depth, rank + spare)
    const other = gaugeDescent(selected(measurements, again(count)), wider, m)
    // a factorisation of m with hidden units of its own
    const x = normals(root.child("W"), wider.dimension)
    const product = Factorisation.endToEnd(wider, x, kernels)
    const least = gaugeDescent(
      measurements,
      Factorisation.uniformShape(size, size, depth, size),
      product,
    )
    return Margin.all(
      Margin.equal(other.sharpness, found.sharpness, { relative: 1e-6 }),
      Margin.atMost(distance(Factorisation.endToEnd(wider, other.parameters, kernels), m), 1e-9),
      Margin.atLeast(total(sharpness(measurements, wider).layers(x)), least.sharpness, 1e-6),
    )
  },
  controls: [{ name: "one measurement listed twice", value: (count) => [...range(count), 0] }],
})
