import { claim, Draw, Kind, Margin } from "@nonconvex/evidence"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Draws from "../../perturbation/Draws.ts"
import { smoothedPerturbation } from "../../perturbation/SmoothedPerturbation.ts"
import { scalarModel } from "../../problems/ScalarModel.ts"
import * as Theory from "../../theory/Theory.ts"
import { recalled } from "../support/Paper.ts"
import { remembered } from "../support/Remembered.ts"

/** Share of all iterates whose limit is flat with eps' = 0.2. */
const share = remembered((seed: number, radius: number): number => {
  const hyperbola = scalarModel()
  const method = smoothedPerturbation({
    learningRate: 0.02,
    plainLearningRate: 0.05,
    radius,
    gradientThreshold: 1,
    draws: Draws.fromSeed(Seed.root(seed)),
  })
  const state = method.init(hyperbola, Float64Array.of(1.5, 1 / 1.5))
  const steps = 40_000
  let flat = 0
  for (let t = 0; t < steps; t++) {
    method.step(state)
    const [x, y] = [state.point[0]!, state.point[1]!]
    if (Theory.factorisation.residual(x, y) <= 0.2) flat++
  }
  return flat / steps
})

export const shareOfFlatIterates = claim({
  id: "flat-minima/share-of-flat-iterates",
  statement:
    "In 40,000 smoothed steps on (x y - 1)^2 / 2 from (1.5, 2/3) at least 1 - delta of the iterates are flat to 0.2, with delta = 0.2.",
  inFloatingPoint: "statistical",
  extent: { dimension: 2, steps: 40_000 },
  source: Kind.observation(recalled("success probability 1 - O(delta), with constants of ours")),
  instances: Draw.record({ seed: Draw.integer(1, 200) }),
  value: 0.3,
  margin: ({ instance: { seed }, value: radius }) =>
    Margin.of(
      "share of flat iterates",
      Margin.atLeast(share(seed, radius), Theory.flatShare(0.2, 1)),
    ),
  controls: [{ name: "a radius ten times smaller", value: 0.03 }],
})
