import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as DysonBrownianMotion from "../../eigenvalues/DysonBrownianMotion.ts"
import * as EigenvalueGaps from "../../eigenvalues/EigenvalueGaps.ts"
import { follow, paths, starts, type Step } from "../support/DysonPaths.ts"
import { derived } from "../support/Paper.ts"

/** Explicit Euler at the same coefficients. */
const explicit: Step = (flow, normals) => {
  const { beta, dimension, position, timeStep, variance } = flow
  const scale = Math.sqrt((2 * variance * timeStep) / beta)
  const next = position.map((x, i) => {
    let drift = 0
    for (let j = 0; j < dimension; j++) if (position[j] !== x) drift += 1 / (x - position[j]!)
    return x + scale * normals[i]! + variance * timeStep * drift
  })
  position.set(next)
}

export const gapComparison = claim({
  id: "dp-lowrank/gap-comparison",
  statement:
    "Under one noise, wider initial gaps stay wider (Lemma 3): exactly so for implicit Euler, which also keeps the order.",
  inFloatingPoint: "agreement",
  source: derived("Lemma 3, for the discrete scheme"),
  instances: paths(),
  value: DysonBrownianMotion.step,
  margin: ({ instance, value: step }) => {
    const { narrow, wide } = starts(instance)
    const [a, b] = [follow(instance, narrow, step), follow(instance, wide, step)]
    const [small, large] = [EigenvalueGaps.gapsOf(a), EigenvalueGaps.gapsOf(b)]
    return Margin.holds(small.every((gap, i) => gap > 0 && large[i]! >= gap - 1e-9))
  },
  controls: [{ name: "explicit Euler", value: explicit, instances: paths(Draw.linear(1, 0.2)) }],
})
