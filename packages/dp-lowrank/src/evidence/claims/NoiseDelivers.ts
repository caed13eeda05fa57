import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Mechanism from "../../noise/GaussianMechanism.ts"
import * as Public from "../../privacy/Public.ts"
import type { Neighbours } from "../../privacy/Target.ts"
import { corrected } from "../support/Paper.ts"

export const printedTargets = (neighbours: Neighbours) =>
  Draw.record({
    epsilon: Draw.oneOf(1, 0.5, 2, 5),
    digits: Draw.integer(6, 10),
    neighbours: Draw.oneOf(neighbours),
  })

type Printed = Draw.Drawn<ReturnType<typeof printedTargets>>

/** Margin of the statement that a mechanism delivers at most the epsilon of its target. */
export const deliveredMargin =
  (name: Mechanism.Mechanism["name"]) =>
  ({ digits, epsilon, neighbours }: Printed): Margin.Comparison => {
    const target = { epsilon, delta: Elementary.pow(10, -digits), neighbours }
    const mechanism = Mechanism.named(name, { ...target, bound: Public.bound(1) })
    return Margin.atMost(Mechanism.deliveredEpsilon(mechanism), epsilon, 1e-9)
  }

export const noiseDelivers = claim({
  id: "dp-lowrank/noise-delivers",
  statement:
    "Noise calibrated to the sensitivity of its neighbours, in its own coordinates, achieves the requested epsilon.",
  inFloatingPoint: "functions",
  source: corrected("Theorem 1, the privacy of the noise"),
  instances: printedTargets("replace"),
  value: ["isotropic", "complex", "upper-triangle"],
  margin: ({ instance, value: names }) =>
    Margin.all(...names.map((name) => deliveredMargin(name)(instance))),
  controls: [
    {
      name: "the upper triangle as printed, where rows are replaced",
      value: ["upper-triangle-as-printed"],
    },
  ],
})
