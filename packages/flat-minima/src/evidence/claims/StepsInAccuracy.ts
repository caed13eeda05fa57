import { claim, Draw, Kind, Margin } from "@nonconvex/evidence"
import * as LogLog from "@nonconvex/evidence/LogLog"
import { derived } from "../support/Paper.ts"
import { remembered } from "../support/Remembered.ts"
import * as Runs from "../support/Runs.ts"

/** Neighbouring instances share seeds. */
const stepsToFlat = remembered(Runs.stepsToFlat)

/** Median steps over 5 seeds until f <= eps and residual <= sqrt(eps), from (3, 1/3). */
const medianSteps = (eps: number, first: number, radius: number) =>
  Runs.median([0, 1, 2, 3, 4].map((s) => stepsToFlat(eps, first + s, radius)))

const slope = (first: number, radius: (eps: number) => number): number =>
  LogLog.slope(Runs.accuracies.map((eps) => [1 / eps, medianSteps(eps, first, radius(eps))]))

const inTheRange = (power: number): Margin.Comparison =>
  Margin.all(Margin.atLeast(power, 1.8), Margin.atMost(power, 3.05))

export const stepsInAccuracy = claim({
  id: "flat-minima/steps-in-accuracy",
  statement:
    "With eta = eps and rho = sqrt(eps), the steps to an (eps, sqrt(eps))-flat point of (x y - 1)^2 / 2 grow as a power of 1 / eps. The power is between 1.8 and 3.05, and theorem 1 bounds it by 3.",
  inFloatingPoint: "run",
  extent: { dimension: 2 },
  source: Kind.observation(derived("theorem 1 as an upper bound")),
  /** The first of five seeds. */
  instances: Draw.record({ first: Draw.integer(100, 150) }),
  value: Math.sqrt,
  margin: ({ instance: { first }, value: radius }) => inTheRange(slope(first, radius)),
  controls: [{ name: "a radius that does not shrink", value: () => 0.45 }],
})
