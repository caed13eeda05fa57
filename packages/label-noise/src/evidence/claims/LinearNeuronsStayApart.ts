import { claim, Kind, Margin } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import { Geometry } from "../../geometry/Geometry.ts"
import * as Activation from "../../network/Activation.ts"
import { derived } from "../support/Paper.ts"
import { after, runs } from "../support/QuietRuns.ts"
import { expand } from "../support/RandomNetwork.ts"

export const linearNeuronsStayApart = claim({
  id: "label-noise/linear-neurons-stay-apart",
  statement:
    "With the activation z the sharpness is constant and label noise moves all neurons equally, so they never collapse.",
  inFloatingPoint: "run",
  source: Kind.identity(derived("control: third derivative 0")),
  instances: runs,
  value: Activation.identity,
  margin: ({ instance: run, kernels, value: activation }) => {
    const expanded = expand(run.problem, { kernels }, activation)
    const { network, theta } = expanded
    const moved = after(expanded, run, 0.01)
    const d = network.dimension
    const change = moved.map((value, k) => value - theta[k]! - (moved[k % d]! - theta[k % d]!))
    const geometry = new Geometry(network)
    const before = geometry.atParameters(theta).sharpness
    return Margin.all(
      Margin.equal(Vector.norm(change), 0, { absolute: 1e-11 * (1 + Vector.norm(theta)) }),
      Margin.equal(geometry.atParameters(moved).sharpness, before, { relative: 1e-12 }),
    )
  },
  controls: [{ name: "an activation of the theory", value: undefined }],
})
