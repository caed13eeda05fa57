import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as LimitMap from "../../minima/LimitMap.ts"
import { settle } from "../../minima/Settle.ts"
import * as Theory from "../../theory/Theory.ts"
import { hyperbola } from "../support/Hyperbola.ts"
import { matches } from "../support/NearPoint.ts"
import { derived } from "../support/Paper.ts"

export const limitOnHyperbola = claim({
  id: "flat-minima/limit-on-hyperbola",
  statement:
    "The gradient flow of (x y - 1)^2 / 2 from x, y > 0 ends at the point of the hyperbola with the same x^2 - y^2.",
  inFloatingPoint: "limit",
  extent: { dimension: 2 },
  source: derived("closed form of the limit map"),
  instances: Draw.record({ x: Draw.logarithmic(1, 3), y: Draw.logarithmic(1, 0.3) }),
  margin: ({ instance: { x, y } }) =>
    Margin.all(
      ...[
        [x, y],
        [y, x],
      ].map(([a, b]) =>
        matches(
          LimitMap.limit(hyperbola, Float64Array.of(a!, b!)),
          Theory.factorisation.limit(a!, b!),
        ),
      ),
    ),
  controls: [
    {
      name: "gradient descent with a large step in place of the flow",
      margin: ({ instance: { x, y } }) =>
        matches(
          settle(hyperbola, Float64Array.of(x, y), { learningRate: 0.05, tolerance: 1e-9 }),
          Theory.factorisation.limit(x, y),
        ),
    },
  ],
})
