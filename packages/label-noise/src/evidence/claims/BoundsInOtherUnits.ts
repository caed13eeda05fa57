/** Bounds of the flow in other units, which detect an error that a loose bound hides. */
import { claim, Draw, Kind, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Theory from "../../theory/Theory.ts"
import { derived } from "../support/Paper.ts"

type Bounds = Pick<
  typeof Theory,
  "convexityThreshold" | "deviationBound" | "guaranteedRate" | "remainingTime" | "timeToConvexity"
>

/** In these units every constant is 1, and so is every bound. */
const ones: Theory.Place = {
  excess: 1,
  gradientNorm: 1,
  mu: 1,
  rho1: 1,
  rho2: 1,
  beta: 1,
  leastWeight: 1,
}

/** The place of the same network with activation a phi, data s x and parameters theta / s. */
const inOtherUnits = (place: Theory.Place, a: number, s: number): Theory.Place => ({
  excess: place.excess * (a * a) * (s * s),
  gradientNorm: place.gradientNorm * (a * a) * Elementary.pow(s, 3),
  mu: place.mu * (s * s),
  rho1: place.rho1 * a,
  rho2: place.rho2 * a,
  beta: place.beta * (a * a),
  leastWeight: place.leastWeight * (s * s),
})

const boundsAt = (
  bounds: Bounds,
  { beta, excess, gradientNorm, leastWeight, mu, rho1, rho2 }: Theory.Place,
) => ({
  threshold: bounds.convexityThreshold(mu, beta, leastWeight),
  time: bounds.timeToConvexity(excess, mu, beta, leastWeight),
  rate: bounds.guaranteedRate(rho1, rho2, mu, leastWeight),
  deviation: bounds.deviationBound(gradientNorm, rho1, rho2, mu, leastWeight),
})

const positive = () => Draw.logarithmic(1, 10)

export const boundsInOtherUnits = claim<
  {
    readonly a: number
    readonly s: number
    readonly excess: number
    readonly near: number
    readonly distance: number
  },
  Bounds
>({
  id: "label-noise/bounds-in-other-units",
  statement:
    "If the units of activation, data and parameters change, threshold and gradient change alike, times and rates inversely, and deviations not at all. For data of norm 1 the weight may be omitted.",
  inFloatingPoint: "agreement",
  extent: "numbers",
  source: Kind.identity(derived("units of the bounds on the flow")),
  instances: Draw.record({
    a: positive(),
    s: positive(),
    excess: Draw.linear(1, 4),
    /** Norm of a gradient below the threshold. */
    near: Draw.linear(0.9, 0.1),
    distance: Draw.logarithmic(0.05, 1e-3),
  }),
  value: Theory,
  margin: ({ instance: { a, distance, excess, near, s }, value: bounds }) => {
    const tight = { relative: 1e-12 }
    const here = boundsAt(bounds, ones)
    const there = boundsAt(bounds, inOtherUnits(ones, a, s))
    const weightless = [
      bounds.convexityThreshold(1, 1),
      bounds.timeToConvexity(1, 1, 1),
      bounds.guaranteedRate(1, 1, 1),
      bounds.deviationBound(1, 1, 1, 1),
    ]
    const place = { ...ones, excess, gradientNorm: near }
    const far = { ...ones, excess, gradientNorm: 2 }
    const remainingOf = (of: Theory.Place) => bounds.remainingTime(of, distance)
    const unitOfTime = a * a * Elementary.pow(s, 4)
    return Margin.all(
      ...[...Object.values(here), ...weightless].map((value) => Margin.equal(value, 1, tight)),
      Margin.equal(there.threshold, a * a * Elementary.pow(s, 3), tight),
      Margin.equal(there.time * unitOfTime, 1, tight),
      Margin.equal(there.rate, unitOfTime, tight),
      Margin.equal(there.deviation, 1, tight),
      // convex from the start: only the exponential phase; else it begins at the threshold, after the excess
      Margin.equal(remainingOf(place), Elementary.log(near / distance), tight),
      Margin.equal(remainingOf(far), excess - Elementary.log(distance), tight),
      Margin.equal(bounds.remainingTime(place, 1), 0, { absolute: 0 }),
      Margin.equal(remainingOf(inOtherUnits(place, a, s)) * unitOfTime, remainingOf(place), {
        relative: 1e-10,
      }),
    )
  },
  controls: [
    {
      name: "the coherence itself in place of its root",
      value: {
        ...Theory,
        deviationBound: (gradient, rho1, rho2, mu, ...weight) =>
          Theory.deviationBound(gradient, rho1, rho2, mu * mu, ...weight),
      },
    },
    {
      name: "the time of half the threshold",
      value: { ...Theory, timeToConvexity: (...given) => 4 * Theory.timeToConvexity(...given) },
    },
  ],
})
