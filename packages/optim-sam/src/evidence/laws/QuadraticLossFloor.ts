import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as Theory from "../../theory/Theory.ts"
import { times } from "../support/Formula.ts"
import * as Observe from "../support/Observe.ts"
import { derived } from "../support/Paper.ts"
import { separated, settle } from "../support/QuadraticBounces.ts"
import { optimSam, withoutNormalisation } from "../support/Subject.ts"

const formulas = { radiusForFloor: Theory.radiusForFloor, bounceFloor: Theory.bounceFloor }

/** The loss of that orbit, and the radius for a given floor, which `advise` suggests. */
export const quadraticLossFloor = claim({
  id: "optim-sam/quadratic-loss-floor",
  statement:
    "On a quadratic with a simple top eigenvalue lambda, let 0 < eta lambda < 2. SAM with the radius (2 - eta lambda) / (eta lambda) sqrt(2 F / lambda) ends at the loss F above the minimum.",
  inFloatingPoint: "run",
  source: derived("the floor of SAM on a quadratic, solved for the radius"),
  subject: optimSam,
  instances: Draw.record({ ...separated, floor: Draw.logarithmic(1, 1e-6) }),
  value: formulas,
  margin: ({ instance, kernels, subject, value: { bounceFloor, radiusForFloor } }) => {
    const { floor: expected, product, top } = instance
    const eta = product / top
    const radius = radiusForFloor(expected, eta, top)
    const { objective, point } = settle(subject, instance, radius, kernels)
    return Margin.all(
      Margin.equal(Observe.lossAt(objective, point), expected, { relative: 1e-6 }),
      Margin.equal(bounceFloor(eta, radius, top), expected, { relative: 1e-6 }),
    )
  },
  controls: [
    { name: "no normalisation", subject: withoutNormalisation },
    {
      name: "twice the radius",
      value: { ...formulas, radiusForFloor: times(2, formulas.radiusForFloor) },
    },
    {
      name: "twice the floor",
      value: { ...formulas, bounceFloor: times(2, formulas.bounceFloor) },
    },
  ],
})
