import { claim, Margin } from "@nonconvex/evidence"
import * as LimitMap from "../../minima/LimitMap.ts"
import * as TangentProjection from "../../minima/TangentProjection.ts"
import { hyperbola, onHyperbola } from "../support/Hyperbola.ts"
import { recalled } from "../support/Paper.ts"
import { onSphere } from "../support/Random.ts"

export const differentialIsProjection = claim({
  id: "flat-minima/differential-is-projection",
  statement:
    "At a minimum the differential of the limit map is the orthogonal projection onto the kernel of the Hessian.",
  inFloatingPoint: "limit",
  extent: { dimension: 2 },
  source: recalled("fact about the limit map (Li, Wang, Arora 2022)"),
  instances: onHyperbola,
  value: (point: Float64Array, v: Float64Array) =>
    TangentProjection.fromJacobian(hyperbola, point).apply(v),
  /** The largest |dPhi v - P v| for a random unit v; dPhi comes from central differences of the library's limit map. */
  margin: ({ instance: { seed, x }, value: applyAt }) => {
    const h = 1e-5
    const point = Float64Array.of(x, 1 / x)
    const v = onSphere(seed, "direction", 2)
    const [ahead, back] = [h, -h].map((t) => {
      const moved = point.map((value, j) => value + t * v[j]!)
      return LimitMap.limit(hyperbola, moved, { gradientTolerance: 1e-13 }).point
    })
    applyAt(point, v)
    const errors = v.map((value, j) => Math.abs((ahead![j]! - back![j]!) / (2 * h) - value))
    return Margin.atMost(Math.max(...errors), 1e-7)
  },
  controls: [
    { name: "the identity", value: (_, v) => v },
    {
      name: "an oblique projection along the first axis",
      value: ([x], v) => {
        v[0] = -v[1]! * x! * x!
      },
    },
  ],
})
