import { claim, Kind, Margin } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import * as RungeKutta from "../../flow/RungeKutta.ts"
import { Geometry } from "../../geometry/Geometry.ts"
import { euclideanGradient } from "../support/EuclideanGradient.ts"
import { derived } from "../support/Paper.ts"
import { expand, type Expanded, problems } from "../support/RandomNetwork.ts"
import { type Moment, trajectory } from "../support/Trajectory.ts"

const instances = problems()

type Shown = Pick<Moment, "sharpness" | "drift">

/** A short piece of the Euclidean gradient flow of the sharpness over all parameters. */
const euclideanFlow = ({ network, theta }: Expanded) => {
  const geometry = new Geometry(network)
  const moments: Array<Shown> = []
  const slope: RungeKutta.Slope = (y, out) => {
    out.set(euclideanGradient(geometry.atParameters(y)).map((g) => -g))
  }
  RungeKutta.integrate(slope, theta, {
    end: 1e-3,
    relative: 1e-9,
    absolute: 1e-12,
    observe: (_, y) => {
      const f = network.labels.map((label, i) => {
        const row = geometry.z.subarray(i * network.neurons, (i + 1) * network.neurons)
        return row.reduce((sum, z) => sum + network.activation.value(z), -label)
      })
      moments.push({ sharpness: geometry.sharpness, drift: Vector.maxAbs(f) })
      return !Vector.isFinite(y)
    },
  })
  return moments
}

export const flowDecreasesSharpness = claim({
  id: "label-noise/flow-decreases-sharpness",
  statement: "Along the sharpness flow the sharpness decreases and the outputs do not change.",
  inFloatingPoint: "limit",
  source: Kind.identity(derived("gradient flow on the minima")),
  instances,
  value: (expanded: Expanded): ReadonlyArray<Shown> => trajectory(expanded),
  margin: ({ instance: { problem }, kernels, value: follow }) => {
    const moments = follow(expand(problem, { kernels }))
    let worst = Margin.holds(true)
    moments.forEach(({ drift, sharpness }, k) => {
      worst = Margin.all(worst, Margin.equal(drift, 0, { absolute: 1e-9 }))
      if (k > 0)
        worst = Margin.all(worst, Margin.atMost(sharpness, moments[k - 1]!.sharpness, 1e-9))
    })
    return worst
  },
  controls: [{ name: "the gradient in the space of all parameters", value: euclideanFlow }],
})
