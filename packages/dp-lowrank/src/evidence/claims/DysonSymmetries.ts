import { claim, Kind, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as DysonBrownianMotion from "../../eigenvalues/DysonBrownianMotion.ts"
import { follow, paths, starts } from "../support/DysonPaths.ts"
import { derived } from "../support/Paper.ts"
import { plus } from "../support/Structures.ts"

export const dysonSymmetries = claim({
  id: "dp-lowrank/dyson-symmetries",
  statement:
    "The flow commutes with translations and with the reflection x -> -x, and (x, t) -> (c x, c^2 t) scales its paths.",
  inFloatingPoint: "agreement",
  source: Kind.identity(derived("invariances of Dyson Brownian motion")),
  instances: paths(),
  value: 2,
  /** `power` is the exponent of length as a function of time. */
  margin: ({ instance, value: power }) => {
    const { narrow } = starts(instance)
    const position = follow(instance, narrow)
    const tolerance = { absolute: 1e-8 * (1 + Math.abs(position[0]!) + Math.abs(position.at(-1)!)) }
    const [further, opposed] = [narrow.map((x) => x + 3), narrow.map((x) => -x).toReversed()]
    const shifted = follow(instance, further)
    const reflected = follow(instance, opposed, DysonBrownianMotion.step, -1)
    const c = 2
    const later = { ...instance, timeStep: instance.timeStep * Elementary.pow(c, power) }
    const scaled = follow(later, plus(narrow, narrow))
    const n = position.length
    const margins = Array.from(position, (x, i) => [
      Margin.equal(shifted[i]!, x + 3, tolerance),
      Margin.equal(-reflected[n - 1 - i]!, x, tolerance),
      Margin.equal(scaled[i]!, c * x, tolerance),
    ])
    return Margin.all(...margins.flat())
  },
  controls: [{ name: "time scaled by c", value: 1 }],
})
