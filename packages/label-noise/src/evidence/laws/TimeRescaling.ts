import { claim, Kind, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Vector from "@nonconvex/numerics/Vector"
import { derived } from "../support/Paper.ts"
import { expand } from "../support/RandomNetwork.ts"
import { instances } from "../support/ScaledNetworks.ts"
import { ours } from "../support/Subject.ts"
import { multiplied } from "../support/Transformations.ts"

export const timeRescaling = claim({
  id: "label-noise/time-rescaling",
  statement:
    "Multiplying the activation by a makes the sharpness flow follow the same path in 1 / a^2 of the time.",
  inFloatingPoint: "agreement",
  source: Kind.identity(derived("time rescaling of the flow")),
  subject: ours,
  instances,
  value: 2,
  // the flow of the activation `factor` times as large, in `1 / factor^power` of the time
  margin: ({ instance: { factor, problem }, kernels, subject, value: power }) => {
    const { network, theta } = expand(problem, { kernels })
    const { sharpness, velocity } = subject.geometry(network, theta)
    // about as long as the fastest change takes
    const time = 0.2 / (1 + sharpness + Vector.maxAbs(velocity))
    const larger = {
      ...network,
      activation: multiplied(network.activation, factor),
      labels: network.labels.map((y) => factor * y),
    }
    const here = subject.flow(network, theta, time)
    const there = subject.flow(larger, theta, time / Elementary.pow(factor, power))
    const absolute = 1e-7 * Vector.distance(here, theta) + 1e-10 * Vector.norm(theta)
    return Margin.equal(Vector.distance(there, here), 0, { absolute })
  },
  controls: [{ name: "in 1 / a of the time", value: 1 }],
})
