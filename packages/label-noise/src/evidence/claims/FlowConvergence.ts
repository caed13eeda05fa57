/** The sharpness flow: what it keeps, where it goes, and how fast. */
import { Margin, parametrised } from "@nonconvex/evidence"
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

export const flowIsMonotone = parametrised({
  id: "label-noise/flow-decreases-sharpness",
  statement: "Along the sharpness flow the sharpness decreases and the outputs stay as they are.",
  inFloatingPoint: "limit",
  source: derived("gradient flow on the minima"),
  instances,
  margin: ({ problem }, given, follow) => {
    const moments = follow(expand(problem, given))
    let worst = 1
    moments.forEach(({ drift, sharpness }, k) => {
      worst = Math.min(worst, Margin.equal(drift, 0, { absolute: 1e-9 }))
      if (k > 0) worst = Math.min(worst, Margin.atMost(sharpness, moments[k - 1]!.sharpness, 1e-9))
    })
    return worst
  },
  holds: (expanded: Expanded): ReadonlyArray<Shown> => trajectory(expanded),
  fails: [
    ["the gradient in the space of all parameters", euclideanFlow],
    ["the flow backwards", (expanded) => trajectory(expanded).toReversed()],
  ],
})

export const flowEntersConvexity = parametrised({
  id: "label-noise/time-to-convexity",
  statement:
    "After the time (F - F*) / (mu beta^2) the gradient of the sharpness flow is at most sqrt(mu) beta.",
  inFloatingPoint: "limit",
  source: recalled("global convergence of the flow, first phase; our constants"),
  instances,
  margin: ({ problem }, given, bound) => {
    const expanded = expand(problem, given)
    const { constants, mu, network } = expanded
    const moments = trajectory(expanded)
    const excess = Math.max(0, moments[0]!.sharpness - flattest(network).sharpness)
    const latest = bound(excess, mu, constants.beta)
    const threshold = thresholdOf(expanded)
    const late = moments.filter(({ time }) => time >= latest)
    return Margin.all(1, ...late.map((each) => Margin.atMost(each.gradientNorm, threshold, slack)))
  },
  holds: Theory.timeToConvexity,
  fails: [
    [
      "a thousandth of the time, from large parameters",
      (...constants) => Theory.timeToConvexity(...constants) / 1000,
      problems({ share: 1 }),
    ],
  ],
})

export const flowEnvelope = parametrised({
  id: "label-noise/exponential-phase",
  statement:
    "Once the gradient is at most sqrt(mu) beta, it decays at least as exp(-rho1 rho2 mu t) along the sharpness flow.",
  inFloatingPoint: "limit",
  source: recalled("global convergence of the flow, second phase"),
  instances,
  margin: ({ problem }, given, rate) => {
    const expanded = expand(problem, given)
    const { rho1, rho2 } = expanded.constants
    const threshold = thresholdOf(expanded)
    const moments = trajectory(expanded)
    const inside = moments.slice(moments.findIndex(({ gradientNorm }) => gradientNorm <= threshold))
    const start = inside[0]!
    const decay = rate(rho1, rho2, expanded.mu)
    return inside.reduce((worst, { gradientNorm, time }) => {
      const bound = start.gradientNorm * Elementary.exp(-decay * (time - start.time))
      return Math.min(worst, Margin.atMost(gradientNorm, bound, slack))
    }, 1)
  },
  holds: Theory.guaranteedRate,
  fails: [["thirty times the rate", (...constants) => 30 * Theory.guaranteedRate(...constants)]],
})

export const gradientBoundsDeviation = parametrised({
  id: "label-noise/gradient-bounds-deviation",
  statement:
    "At every point of the minima, pre-activations differ from their flat limit by at most |grad F| / (sqrt(mu) rho1 rho2).",
  inFloatingPoint: "limit",
  source: derived("stationary points are flat limits, quantitatively"),
  instances,
  margin: ({ problem }, given, bound) => {
    const expanded = expand(problem, given)
    const { rho1, rho2 } = expanded.constants
    return trajectory(expanded).reduce((worst, { deviation, gradientNorm }) => {
      // the flat limit itself is known to rounding only
      const allowed = bound(gradientNorm, rho1, rho2, expanded.mu) + 1e-11
      return Math.min(worst, Margin.atMost(deviation, allowed, slack))
    }, 1)
  },
  holds: Theory.deviationBound,
  fails: [["a fiftieth of the bound", (...constants) => Theory.deviationBound(...constants) / 50]],
})
