import { claim, Margin } from "@nonconvex/evidence"
import { Geometry } from "../../geometry/Geometry.ts"
import * as Theory from "../../theory/Theory.ts"
import { derived } from "../support/Paper.ts"
import { expand, problems } from "../support/RandomNetwork.ts"

const instances = problems()

export const outputsKeepRank = claim({
  id: "label-noise/outputs-keep-rank",
  statement:
    "The smallest eigenvalue of J J^T is at least m rho1^2 mu, attained at parameters 0, so that the minima form a smooth manifold.",
  inFloatingPoint: "spectrum",
  source: derived("regularity"),
  instances,
  value: Theory.leastTangentEigenvalue,
  margin: ({ instance: { problem }, kernels, value: bound }) => {
    const { constants, mu, network, theta } = expand(problem, { kernels })
    const leastAt = (point: Float64Array) =>
      new Geometry(network).atParameters(point).tangentEigenvalues()[0]!
    const least = bound(network.neurons, constants.rho1, mu)
    // there every slope is rho1
    const silent = leastAt(new Float64Array(theta.length))
    return Margin.all(
      Margin.atLeast(leastAt(theta), least, 1e-10),
      Margin.equal(silent, least, { relative: 1e-9 }),
    )
  },
  controls: [
    {
      name: "a tenth more, near zero parameters",
      value: (...constants) => 1.1 * Theory.leastTangentEigenvalue(...constants),
      instances: problems({ share: 0.05 }),
    },
    {
      name: "rho1 to the first power, at a slope of 0.2",
      value: (m, rho1, mu) => Theory.leastTangentEigenvalue(m, Math.sqrt(rho1), mu),
      instances: problems({ share: 0.05, slope: 0.2, activation: "cubic" }),
    },
  ],
})
