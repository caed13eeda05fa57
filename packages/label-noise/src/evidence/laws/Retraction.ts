/** Conditions under which a map from directions to networks with the same outputs is a retraction. */
import { claim, Kind, Margin } from "@nonconvex/evidence"
import { Geometry } from "../../geometry/Geometry.ts"
import { outputs } from "../../network/TwoLayer.ts"
import { near } from "../support/Near.ts"
import { derived } from "../support/Paper.ts"
import { expand, problems, randomDirection } from "../support/RandomNetwork.ts"
import { ours } from "../support/Subject.ts"

const times = (factor: number, u: Float64Array) => u.map((value) => factor * value)

export const retraction = claim({
  id: "label-noise/retraction",
  statement:
    "The retraction of zero is the point itself, its derivative along the minima is the identity, and it preserves the outputs of the network.",
  inFloatingPoint: "agreement",
  source: Kind.identity(derived("laws of a retraction")),
  subject: { retract: ours.retract },
  instances: problems(),
  margin: ({ instance: { problem }, kernels, subject: { retract } }) => {
    const expanded = expand(problem, { kernels })
    const { network, theta } = expanded
    const u = randomDirection(expanded)
    new Geometry(network).atParameters(theta).project(u)
    const h = 1e-4
    const along = (length: number) => retract(network, theta, times(length, u))
    const [ahead, behind] = [along(h), along(-h)]
    const slope = ahead.map((value, k) => (value - behind[k]!) / (2 * h))
    return Margin.all(
      near(along(0), theta, { relative: 1e-13 }),
      near(slope, u, { relative: 1e-5 }),
      near(outputs(network, along(0.05)), network.labels, { relative: 1e-10 }),
    )
  },
  controls: [
    {
      name: "a straight line",
      subject: () => ({ retract: (_, theta, u) => theta.map((value, k) => value + u[k]!) }),
    },
    {
      name: "half the motion",
      subject: ({ retract }) => ({
        retract: (network, theta, u) => retract(network, theta, times(0.5, u)),
      }),
    },
  ],
})
