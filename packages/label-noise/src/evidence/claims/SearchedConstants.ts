import { claim, Kind, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Activation from "../../network/Activation.ts"
import { derived } from "../support/Paper.ts"
import { point } from "../support/PointOnMinima.ts"

/** Search for the constants of an activation that gives none. */
export const searchedConstants = claim({
  id: "label-noise/searched-constants",
  statement: "The constants found by search equal the known closed forms.",
  inFloatingPoint: "functions",
  extent: "numbers",
  source: Kind.identity(derived("constants of the activations")),
  instances: point,
  margin: ({ instance: { activation, slope } }) => {
    const known = activation === "cubic" ? Activation.cubic(slope) : Activation.sinh
    const { first, name, second, third, value } = known
    const found = Activation.assess({ name, value, first, second, third })
    const { beta, rho1, rho2 } = known.constants!
    return Margin.all(
      Margin.equal(found.beta, beta, { relative: 1e-9 }),
      Margin.equal(found.rho1, rho1, { relative: 1e-6 }),
      Margin.equal(found.rho2, rho2, { relative: 1e-6 }),
      Margin.holds(found.applies),
    )
  },
  controls: [
    {
      name: "an interval that does not hold the tight point",
      margin: ({ instance: { slope } }) => {
        const { first, name, second, third, value } = Activation.cubic(slope)
        const range = Math.sqrt(slope / 9) / 2
        const found = Activation.assess({ name, value, first, second, third }, range)
        return Margin.equal(found.beta, (16 / 3) * Elementary.pow(slope, 1.5), { relative: 1e-9 })
      },
    },
  ],
})
