import { claim, Draw, Kind, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as ReducedMap from "../../theory/ReducedMap.ts"
import { derived } from "../support/Paper.ts"

/** Final kappa as a function of the initial kappa, from a given small u, with the map written out. */
const endFrom = (start: number, small: number): number => {
  let [u, kappa] = [small, start]
  // until the kernel stands still
  for (let t = 0; t < 20_000 && (t < 50 || u > 1e-22); t++) {
    const growth = 1 - kappa + u
    ;[u, kappa] = [growth * growth * u, kappa - u * (4 - kappa)]
  }
  return kappa / start
}

export const expectedDrop = claim({
  id: "catapults/expected-drop",
  statement:
    "The range of final kernels of a catapult from a small loss is that of twelve starts over one period of its growth, a factor of (kappa - 1)^2 or at least 1.1.",
  inFloatingPoint: "run",
  extent: { samples: 1 },
  source: Kind.observation(derived("ends depend on the phase of the growth")),
  instances: Draw.record({ kappa: Draw.linear(2.05, 3.5), isCalm: Draw.oneOf(false, true) }),
  value: 12,
  margin: ({ instance: { isCalm, kappa: drawn }, value: phases }) => {
    const kappa = isCalm ? drawn / 2 : drawn
    const period = Math.max(1.1, (kappa - 1) * (kappa - 1))
    const ends = Array.from({ length: phases }, (_end, k) =>
      endFrom(kappa, 1e-8 * Elementary.pow(period, k / phases)),
    )
    const [least, most] = ReducedMap.expectedDrop(kappa)
    return Margin.all(
      Margin.equal(least, Math.min(...ends), { relative: 1e-9 }),
      Margin.equal(most, Math.max(...ends), { relative: 1e-9 }),
    )
  },
  controls: [{ name: "half of the phases", value: 6 }],
})
