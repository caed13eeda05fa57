/** The epsilon that a mechanism gives, against the one that it was asked for. */
import { Draw, Margin, parametrised } from "@nonconvex/evidence"
import * as Mechanism from "../../noise/Mechanism.ts"
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

/** Whether a mechanism delivers at most the epsilon of its target. */
export const deliveredMargin =
  (name: Mechanism.Name) =>
  ({ digits, epsilon, neighbours }: Printed): number => {
    const target = { epsilon, delta: 10 ** -digits, neighbours }
    const mechanism = Mechanism.named(name, { ...target, bound: Public.bound(1) })
    return Margin.atMost(Mechanism.deliveredEpsilon(mechanism), epsilon, 1e-9)
  }

export const delivered = parametrised({
  id: "dp-lowrank/noise-delivers",
  statement:
    "Noise calibrated to the sensitivity of its neighbours, in its own coordinates, delivers the epsilon asked for.",
  source: corrected("Theorem 1, the privacy of the noise"),
  instances: printedTargets("replace"),
  margin: (instance, _, names: ReadonlyArray<Mechanism.Name>) =>
    Margin.all(...names.map((name) => deliveredMargin(name)(instance))),
  holds: ["isotropic", "complex", "upper-triangle"],
  fails: [
    ["the upper triangle as printed, where rows are replaced", ["upper-triangle-as-printed"]],
  ],
})
