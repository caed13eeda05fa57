import { claim, Draw, Margin } from "@nonconvex/evidence"
import { stabilityLimit } from "../../descent/LabelNoiseSgd.ts"
import { Geometry } from "../../geometry/Geometry.ts"
import * as Theory from "../../theory/Theory.ts"
import { direction, growth, unit } from "../support/LinearGrowth.ts"
import { derived } from "../support/Paper.ts"
import { expand, randomNetwork } from "../support/RandomNetwork.ts"

const settings = Draw.record({
  problem: randomNetwork({ share: 0.4 }),
  convention: Draw.oneOf("half", "mean"),
})

export const stabilityLimits = claim({
  id: "label-noise/stability-limits",
  statement:
    "At the largest stable learning rate a step reflects the steepest direction: 2 n / (kappa lambda_max(J J^T)) with all data, 2 / (kappa max_i |grad f_i|^2) with one.",
  inFloatingPoint: "run",
  source: derived("linear stability of a minimum"),
  instances: settings,
  value: 1,
  margin: ({ instance: { convention, problem }, kernels, value: factor }) => {
    const { network, theta } = expand(problem, { kernels })
    const { size: n } = network
    const geometry = new Geometry(network).atParameters(theta)
    const kappa = Theory.gradientFactor(convention)
    const top = geometry.tangentEigen().vectors.subarray((n - 1) * n)
    const squares = Array.from({ length: n }, (_, i) => geometry.tangentGram[i * n + i]!)
    const longest = squares.indexOf(Math.max(...squares))
    const every = [...squares.keys()]
    const limits = {
      full: Theory.fullBatchLimit(convention, geometry.tangentEigenvalues().at(-1)!, n),
      replacement: Theory.singleDatumLimit(convention, squares[longest]!),
    }
    const ours = (["full", "replacement"] as const).map((sampling) =>
      Margin.equal(stabilityLimit(network, theta, { convention, sampling }), limits[sampling], {
        relative: 1e-12,
      }),
    )
    const all = growth(
      network,
      theta,
      direction(network, theta, top),
      every,
      factor * kappa * limits.full,
    )
    const steepest = direction(network, theta, unit(n, longest))
    const one = growth(network, theta, steepest, [longest], factor * kappa * limits.replacement)
    const tolerance = { absolute: 1e-3 }
    return Margin.all(...ours, Margin.equal(all, -1, tolerance), Margin.equal(one, -1, tolerance))
  },
  controls: [
    { name: "half the rate", value: 0.5 },
    { name: "the rate of the other convention", value: 2 },
  ],
})
