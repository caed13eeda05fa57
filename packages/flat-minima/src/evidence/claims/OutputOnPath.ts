import { claim, Draw, Kind, Margin } from "@nonconvex/evidence"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import * as Draws from "../../perturbation/Draws.ts"
import { escape } from "../../perturbation/Escape.ts"
import { smoothedPerturbation } from "../../perturbation/SmoothedPerturbation.ts"
import { scalarModel } from "../../problems/ScalarModel.ts"
import { recalled } from "../support/Paper.ts"

/** Margin that the output lies on the path, and that its descent reached the tolerance; `change` alters the output. */
const onPath = (seed: number, change: (chosen: Float64Array) => void): Margin.Comparison => {
  const hyperbola = scalarModel()
  const path: Array<Float64Array> = []
  const { chosen, settled, step } = escape(
    smoothedPerturbation({
      learningRate: 0.02,
      plainLearningRate: 0.05,
      radius: 0.1,
      gradientThreshold: 0.5,
      draws: Draws.fromSeed(Seed.root(seed)),
    }),
    hyperbola,
    Float64Array.of(2, 0.6),
    {
      steps: 50,
      seed: Seed.root(seed).child("choice"),
      settle: { learningRate: 0.05, tolerance: 1e-10 },
      onStep: (point) => path.push(point.slice()),
    },
  )
  change(chosen)
  const gradient = new Float64Array(2)
  hyperbola.valueAndGradient(settled.point, gradient)
  return Margin.all(
    Margin.holds(path[step - 1]!.every((value, j) => value === chosen[j])),
    Margin.atMost(Vector.norm(gradient), 1e-10),
  )
}

export const outputOnPath = claim({
  id: "flat-minima/output-on-path",
  statement:
    "The output is an iterate of the run, and after the final descent its gradient norm is at most the tolerance.",
  inFloatingPoint: "run",
  extent: { dimension: 2, steps: 50 },
  source: Kind.identity(recalled("outputs of both algorithms")),
  instances: Draw.record({ seed: Draw.seed() }),
  value: (_chosen: Float64Array): void => {},
  margin: ({ instance: { seed }, value: change }) => onPath(seed, change),
  controls: [
    {
      name: "an output that is rounded to float32",
      value: (chosen) => chosen.set(Float32Array.from(chosen)),
    },
  ],
})
