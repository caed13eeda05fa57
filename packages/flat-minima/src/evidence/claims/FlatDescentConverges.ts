import { claim, Draw, Kind, Margin } from "@nonconvex/evidence"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Flatness from "../../flatness/Flatness.ts"
import * as TangentProjection from "../../minima/TangentProjection.ts"
import { flatDescent } from "../../perturbation/FlatDescent.ts"
import { derived } from "../support/Paper.ts"
import { quadraticModel } from "../support/QuadraticModel.ts"
import { remembered } from "../support/Remembered.ts"

const flattened = remembered((seed: number, projection: "gradient" | "normal space") => {
  const model = quadraticModel({ dimension: 8, size: 3, seed: Seed.root(seed) })
  const method = flatDescent({
    learningRate: 0.05,
    flatteningRate: 0.05,
    radius: 0.1,
    projection,
  })
  const state = method.init(model, model.minimum)
  for (let t = 0; t < 12_000 && state.status === "running"; t++) method.step(state)
  if (state.status === "diverged") return Number.POSITIVE_INFINITY
  const normal = TangentProjection.fromJacobian(model, state.point)
  return state.loss + Flatness.residual(model, state.point, normal, { step: 0.1 })
})

export const flatDescentConverges = claim({
  id: "flat-minima/flat-descent-converges",
  statement:
    "Flat descent with the full normal projection brings random quadratic models (d = 8, n = 3) to loss plus residual below 1e-6.",
  inFloatingPoint: "run",
  extent: { dimension: 8, samples: 3 },
  source: Kind.observation(derived("our own method; its fixed points are the flat minima")),
  instances: Draw.record({ seed: Draw.integer(1, 60) }),
  value: "normal space",
  margin: ({ instance: { seed }, value: projection }) =>
    Margin.atMost(flattened(seed, projection), 1e-6),
  controls: [{ name: "projection off the gradient alone", value: "gradient" }],
})
