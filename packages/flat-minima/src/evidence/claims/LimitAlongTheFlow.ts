import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Vector from "@nonconvex/numerics/Vector"
import * as LimitMap from "../../minima/LimitMap.ts"
import * as Theory from "../../theory/Theory.ts"
import { hyperbola } from "../support/Hyperbola.ts"
import { recalled } from "../support/Paper.ts"

const shift = Draw.record({
  x: Draw.logarithmic(1, 3),
  y: Draw.logarithmic(1, 0.3),
  tau: Draw.logarithmic(1e-2, 1e-4),
})

type Shift = Draw.Drawn<typeof shift>

/** Margin of `|Phi(x - tau (grad f + sideways J grad f)) - Phi(x)| / tau^2` at `|grad f|^2`; J is the rotation by 90 degrees. */
const changeOfLimit = ({ tau, x, y }: Shift, sideways: number): Margin.Comparison => {
  const gradient = new Float64Array(2)
  hyperbola.valueAndGradient(Float64Array.of(x, y), gradient)
  const [gx, gy] = [gradient[0]!, gradient[1]!]
  const moved = LimitMap.limit(
    hyperbola,
    Float64Array.of(x - tau * (gx - sideways * gy), y - tau * (gy + sideways * gx)),
  ).point
  const expected = Theory.factorisation.limit(x, y)
  // the invariant C shrinks by tau^2 (grad)^2: dx / dC is at most 1/2 along either coordinate
  return Margin.atMost(
    Elementary.hypot(moved[0]! - expected[0], moved[1]! - expected[1]) / (tau * tau),
    Elementary.square(Vector.norm(gradient)) + 1e-8 / (tau * tau),
  )
}

export const limitAlongTheFlow = claim({
  id: "flat-minima/limit-along-the-flow",
  statement:
    "A gradient step changes the limit by O(step^2) only, by at most |grad f|^2 step^2 on the hyperbola, and the limit of a limit is itself up to 1e-8.",
  inFloatingPoint: "limit",
  extent: { dimension: 2 },
  source: recalled("dPhi grad f = 0"),
  instances: shift,
  margin: ({ instance }) => {
    const once = LimitMap.limit(hyperbola, Float64Array.of(instance.x, instance.y)).point
    const twice = LimitMap.limit(hyperbola, once).point
    return Margin.all(Margin.atMost(Vector.distance(once, twice), 1e-8), changeOfLimit(instance, 0))
  },
  controls: [
    { name: "a step off the gradient", margin: ({ instance }) => changeOfLimit(instance, 0.5) },
  ],
})
