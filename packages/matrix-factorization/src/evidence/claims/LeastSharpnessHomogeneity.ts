import { claim, Kind, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import { Factorisation } from "../../index.ts"
import * as Matrix from "../../internal/Matrix.ts"
import { expand, instances, leastIsotropic, rotation, wideEnough } from "../support/Instances.ts"
import { derived } from "../support/Paper.ts"

export const leastSharpnessHomogeneity = claim({
  id: "matrix-factorization/least-sharpness-homogeneity",
  statement:
    "For an isotropic design the least sharpness is invariant under rotations of M from both sides and F(t M) = t^(2 (L-1)/L) F(M).",
  inFloatingPoint: "spectrum",
  source: Kind.identity(derived("metamorphic")),
  instances: instances(),
  value: (depth: number) => (2 * (depth - 1)) / depth,
  margin: ({ instance, kernels, value: power }) => {
    const { seed, shape, x } = expand(instance, kernels, wideEnough(instance.widths))
    const { columns, depth, rows } = shape
    const m = Factorisation.endToEnd(shape, x, kernels)
    const least = leastIsotropic(shape, m, kernels)
    const factor = 1.9
    const [u, v] = [rotation(rows, seed.child("U")), rotation(columns, seed.child("V"))]
    const rotated = Matrix.sandwich(u, m, v, rows, columns, kernels)
    const larger = m.map((value) => factor * value)
    return Margin.all(
      Margin.equal(leastIsotropic(shape, rotated, kernels), least, { relative: 1e-11 }),
      Margin.equal(
        leastIsotropic(shape, larger, kernels),
        Elementary.pow(factor, power(depth)) * least,
        {
          relative: 1e-11,
        },
      ),
    )
  },
  controls: [{ name: "homogeneous of degree 2, as T is in one layer", value: () => 2 }],
})
