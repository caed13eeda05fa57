/** The sharpness flow: what it keeps, where it goes, and how fast. */
import { claim, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Vector from "@nonconvex/numerics/Vector"
import { flattest } from "../../limit/FlatLimit.ts"
import { Geometry } from "../../geometry/Geometry.ts"
import * as RungeKutta from "../../flow/RungeKutta.ts"
import * as Theory from "../../theory/Theory.ts"
import { euclideanGradient } from "../support/EuclideanGradient.ts"
import { derived, recalled } from "../support/Paper.ts"
import { expand, type Expanded, problems, thresholdOf } from "../support/RandomNetwork.ts"
import { type Moment, trajectory } from "../support/Trajectory.ts"

const instances = problems()

/** Rounding and integration may show in the inequalities by this share. */
const slack = 1e-6

type Shown = Pick<Moment, "sharpness" | "drift">

/** A short piece of the gradient flow of the sharpness in the space of all parameters. */
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

export const flowIsMonotone = claim({
  id: "label-noise/flow-decreases-sharpness",
  statement: "Along the sharpness flow the sharpness decreases and the outputs stay as they are.",
  inFloatingPoint: "limit",
  source: derived("gradient flow on the minima"),
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
  controls: [
    { name: "the gradient in the space of all parameters", value: euclideanFlow },
    { name: "the flow backwards", value: (expanded) => trajectory(expanded).toReversed() },
  ],
})

export const flowEntersConvexity = claim({
  id: "label-noise/time-to-convexity",
  statement:
    "After the time (F - F*) / (mu beta^2) the gradient of the sharpness flow is at most sqrt(mu) beta.",
  inFloatingPoint: "limit",
  source: recalled("global convergence of the flow, first phase; our constants"),
  instances,
  value: Theory.timeToConvexity,
  margin: ({ instance: { problem }, kernels, value: bound }) => {
    const expanded = expand(problem, { kernels })
    const { constants, mu, network } = expanded
    const moments = trajectory(expanded)
    const excess = Math.max(0, moments[0]!.sharpness - flattest(network).sharpness)
    const latest = bound(excess, mu, constants.beta)
    const threshold = thresholdOf(expanded)
    const late = moments.filter(({ time }) => time >= latest)
    return Margin.all(
      Margin.holds(true),
      ...late.map((each) => Margin.atMost(each.gradientNorm, threshold, slack)),
    )
  },
  controls: [
    {
      name: "a thousandth of the time, from large parameters",
      value: (...constants) => Theory.timeToConvexity(...constants) / 1000,
      instances: problems({ share: 1 }),
    },
  ],
})

export const flowEnvelope = claim({
  id: "label-noise/exponential-phase",
  statement:
    "Once the gradient is at most sqrt(mu) beta, it decays at least as exp(-rho1 rho2 mu t) along the sharpness flow.",
  inFloatingPoint: "limit",
  source: recalled("global convergence of the flow, second phase"),
  instances,
  value: Theory.guaranteedRate,
  margin: ({ instance: { problem }, kernels, value: rate }) => {
    const expanded = expand(problem, { kernels })
    const { rho1, rho2 } = expanded.constants
    const threshold = thresholdOf(expanded)
    const moments = trajectory(expanded)
    const inside = moments.slice(moments.findIndex(({ gradientNorm }) => gradientNorm <= threshold))
    const start = inside[0]!
    const decay = rate(rho1, rho2, expanded.mu)
    return inside.reduce((worst, { gradientNorm, time }) => {
      const bound = start.gradientNorm * Elementary.exp(-decay * (time - start.time))
      return Margin.all(worst, Margin.atMost(gradientNorm, bound, slack))
    }, Margin.holds(true))
  },
  controls: [
    {
      name: "thirty times the rate",
      value: (...constants) => 30 * Theory.guaranteedRate(...constants),
    },
  ],
})

export const gradientBoundsDeviation = claim({
  id: "label-noise/gradient-bounds-deviation",
  statement:
    "At every point of the minima, pre-activations differ from their flat limit by at most |grad F| / (sqrt(mu) rho1 rho2).",
  inFloatingPoint: "limit",
  source: derived("stationary points are flat limits, quantitatively"),
  instances,
  value: Theory.deviationBound,
  margin: ({ instance: { problem }, kernels, value: bound }) => {
    const expanded = expand(problem, { kernels })
    const { rho1, rho2 } = expanded.constants
    return trajectory(expanded).reduce((worst, { deviation, gradientNorm }) => {
      // the flat limit itself is known to rounding only
      const allowed = bound(gradientNorm, rho1, rho2, expanded.mu) + 1e-11
      return Margin.all(worst, Margin.atMost(deviation, allowed, slack))
    }, Margin.holds(true))
  },
  controls: [
    {
      name: "a fiftieth of the bound",
      value: (...constants) => Theory.deviationBound(...constants) / 50,
    },
  ],
})
