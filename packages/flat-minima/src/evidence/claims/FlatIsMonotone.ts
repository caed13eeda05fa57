import { claim, Draw, Kind, Margin } from "@nonconvex/evidence"
import * as Flatness from "../../flatness/Flatness.ts"
import * as Theory from "../../theory/Theory.ts"
import { recalled } from "../support/Paper.ts"

/** The point of the hyperbola at x: it is a minimum, so that its loss gap is 0. */
const onHyperbola = (x: number): Flatness.Measured => ({
  lossGap: 0,
  residual: Theory.factorisation.residual(x, 1 / x),
})

export const flatIsMonotone = claim({
  id: "flat-minima/flat-is-monotone",
  statement:
    "Being (eps, eps')-flat is monotone in both; (1, 1) is flat for (x y - 1)^2 / 2 and (3, 1/3) is not, at eps' = 0.1.",
  inFloatingPoint: "bits",
  extent: "numbers",
  source: Kind.identity(recalled("definition 3")),
  instances: Draw.record({
    /** The loss gap over eps, and the residual over eps'. */
    loss: Draw.linear(0, 2),
    residual: Draw.linear(0, 2),
    eps: Draw.logarithmic(1, 1e-6),
    epsPrime: Draw.logarithmic(1, 1e-3),
    more: Draw.linear(1, 10),
  }),
  value: Flatness.isFlat,
  margin: ({ instance: { eps, epsPrime, loss, more, residual }, value: test }) => {
    const measured = { lossGap: loss * eps, residual: residual * epsPrime }
    const isMonotone =
      !test(measured, eps, epsPrime) ||
      (test(measured, eps * more, epsPrime) && test(measured, eps, epsPrime * more))
    return Margin.holds(
      isMonotone && test(onHyperbola(1), 1e-12, 0.1) && !test(onHyperbola(3), 1e-12, 0.1),
    )
  },
  controls: [
    // right of both points of the hyperbola, whose loss gap of 0 counts as within any eps
    {
      name: "eps as the smallest loss gap, not the largest",
      value: ({ lossGap, residual }, eps, epsPrime) =>
        (lossGap === 0 || lossGap >= eps) && residual <= epsPrime,
    },
    { name: "the loss alone", value: ({ lossGap }, eps) => lossGap <= eps },
  ],
})
