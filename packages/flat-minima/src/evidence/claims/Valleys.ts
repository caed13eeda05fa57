import { claim, Draw, Kind, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import type { Objective } from "@nonconvex/problems/Objective"
import * as Flatness from "../../flatness/Flatness.ts"
import * as TangentProjection from "../../minima/TangentProjection.ts"
import * as Theory from "../../theory/Theory.ts"
import { exponentialValley } from "../support/ExponentialValley.ts"
import { derived } from "../support/Paper.ts"

/** The trace of the Hessian, by central differences of the gradient. */
const differencedTrace = (objective: Objective, point: Float64Array): number => {
  const h = 1e-5
  const gradient = new Float64Array(point.length)
  const slopeAt = (j: number, shift: number): number => {
    objective.valueAndGradient(point.with(j, point[j]! + shift), gradient)
    return gradient[j]!
  }
  return point.reduce((sum, _, j) => sum + (slopeAt(j, h) - slopeAt(j, -h)) / (2 * h), 0)
}

export const valleys = claim({
  id: "flat-minima/valleys",
  statement:
    "At the bottom of a(x) |y|^2 / 2, y in R^k, the trace of the Hessian is k a(x) and the flatness residual k |a'(x)| / d, here with a = e^(c x).",
  inFloatingPoint: "functions",
  source: Kind.identity(derived("closed form of the valley")),
  instances: Draw.record({
    rate: Draw.linear(0.2, 1.5),
    sign: Draw.oneOf(1, -1),
    x: Draw.linear(0.2, 1),
    width: Draw.integer(1, 4),
    padding: Draw.integer(0, 3),
  }),
  value: Theory.valley.residual,
  margin: ({ instance: { padding, rate, sign, width, x }, value: residualOf }) => {
    const c = sign * rate
    const model = exponentialValley({ rate: c, width, padding })
    const d = model.dimension
    const point = new Float64Array(d)
    point[0] = x
    const a = Elementary.exp(c * x)
    const normal = TangentProjection.fromJacobian(model, point)
    const residual = Flatness.residual(model, point, normal, { step: 1e-3 })
    const trace = differencedTrace(model, point)
    return Margin.all(
      Margin.equal(Theory.exponentialValley.trace(x, c, width), trace, { relative: 1e-6 }),
      Margin.equal(Theory.valley.trace(a, width), trace, { relative: 1e-6 }),
      Margin.equal(residualOf(c * a, width, d), residual, { relative: 1e-5 }),
    )
  },
  controls: [
    {
      name: "the gradient of the trace, not of its mean",
      value: (slope, k) => k * Math.abs(slope),
    },
  ],
})
