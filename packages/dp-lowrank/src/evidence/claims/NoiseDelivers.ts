/** The epsilon that a mechanism gives, against the one that it was asked for. */
import { claim, Draw, Margin } from "@nonconvex/evidence"
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
  ({ digits, epsilon, neighbours }: Printed): number =>
    Margin.atMost(
      Mechanism.deliveredEpsilon(
        Mechanism.named(name, {
          epsilon,
          delta: 10 ** -digits,
          neighbours,
          bound: Public.bound(1),
        }),
      ),
      epsilon,
      1e-9,
    )

export const delivered = claim({
  id: "dp-lowrank/noise-delivers",
  statement:
    "Noise calibrated to the sensitivity of its neighbours, in its own coordinates, delivers the epsilon asked for.",
  source: corrected("Theorem 1, the privacy of the noise"),
  instances: printedTargets("replace"),
  margin: (instance) =>
    Margin.all(
      ...(["isotropic", "complex", "upper-triangle"] as const).map((name) =>
        deliveredMargin(name)(instance),
      ),
    ),
  controls: [
    {
      name: "the upper triangle as printed, where rows are replaced",
      margin: deliveredMargin("upper-triangle-as-printed"),
    },
  ],
})
