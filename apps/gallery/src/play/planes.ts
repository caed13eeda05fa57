/** Toys in the plane: the normalisation of SAM, the drift along a valley, the flattest point of a curve of minima. */
import { significant } from "@nonconvex/numerics/Decimal"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Seed from "@nonconvex/numerics/Seed"
import { Theory } from "@nonconvex/optim-sam"
import { sam } from "@nonconvex/problems/Sam"
import { usam } from "@nonconvex/problems/Usam"
import { scalarFactorisation } from "@nonconvex/problems/ScalarFactorisation"
import { sgd } from "@nonconvex/problems/Sgd"
import { valley } from "@nonconvex/problems/Valley"
import { type Plane, playing, type Walker } from "./Plane.ts"
import type { Box } from "./Plot.ts"
import { shown } from "./Shown.ts"
import type { Point } from "./Point.ts"
import type { Toy, Values } from "./Toy.ts"

const descent = (learningRate: number): Walker => ({
  name: "GD",
  colour: "series-1",
  method: usam({ radius: 0, base: sgd({ learningRate }) }),
})

const withSam = (learningRate: number, radius: number): Walker => ({
  name: "SAM",
  colour: "series-3",
  method: sam({ radius, base: sgd({ learningRate }) }),
})

const withUsam = (learningRate: number, radius: number): Walker => ({
  name: "USAM",
  colour: "series-2",
  method: usam({ radius, base: sgd({ learningRate }) }),
})

/** A toy whose methods go their ways in the plane, from where the reader puts the start. */
const inThePlane = ({
  begin,
  start,
  ...toy
}: Omit<Toy, "begin" | "box"> & {
  readonly box: Box
  readonly start: Point
  readonly begin: (values: Values, at: Point) => Omit<Plane, "box" | "start">
}): Toy => ({
  ...toy,
  begin: (values, at = start) => playing({ box: toy.box, start: at, ...begin(values, at) }),
})

const square: Box = { x: [-20, 20], y: [-20, 20] }

export const normalisation = inThePlane({
  ...shown.normalisation,
  seen: "On (x y)^2 / 2 the minima are the two axes, and the flattest is the origin. USAM is unnormalised: its perturbation grows with the gradient and its steps overshoot. SAM moves down the axis to the origin.",
  knobs: [
    { id: "radius", label: "radius", least: 0.001, most: 1, value: 0.1, isLog: true },
    { id: "rate", label: "learning rate times |start|^2", least: 0.1, most: 1.9, value: 1 },
  ],
  box: square,
  start: [10, 15],
  begin: ({ radius = 0.1, rate = 1 }, at) => {
    const learningRate = rate / Math.max(1, at[0] * at[0] + at[1] * at[1])
    return {
      objective: scalarFactorisation(),
      walkers: [
        descent(learningRate),
        withUsam(learningRate, radius),
        withSam(learningRate, radius),
      ],
      xTitle: "x",
      yTitle: "y",
      perFrame: 5,
      longest: 6000,
      note: `USAM diverges once the radius exceeds 15 times the learning rate, here ${significant(15 * learningRate)}.`,
    }
  },
})

const profile = { base: 2, amplitude: 1 }

const steepest = profile.base + profile.amplitude

/** Point of SAM after some steps by its drift law, which a frame follows. */
const drifted = (learningRate: number, radius: number, from: number, steps: number): number => {
  let x = from
  for (let step = 0; step < steps; step++) {
    const curvature = profile.base + profile.amplitude * Elementary.sin(x)
    x += Theory.valleyDrift(learningRate, radius, curvature, profile.amplitude * Elementary.cos(x))
  }
  return x
}

const longestDrift = 12_000

const bottom: Box = { x: [-3, 3], y: [-0.6, 0.6] }

export const drift = inThePlane({
  ...shown.drift,
  seen: "Every point on the floor is a minimum, and the valley is widest at -1.57. Gradient descent and USAM stop where they reach the floor. SAM oscillates between the walls and drifts to the widest point at the predicted speed (dashed line: predicted end).",
  knobs: [
    { id: "radius", label: "radius", least: 0.02, most: 0.3, value: 0.12, isLog: true },
    { id: "rate", label: "learning rate", least: 0.02, most: 0.8, value: 0.2 },
  ],
  box: bottom,
  start: [1.2, 0.4],
  begin: ({ radius = 0.12, rate = 0.2 }, at) => {
    const end = drifted(rate, radius, at[0], longestDrift)
    return {
      objective: valley(profile),
      walkers: [descent(rate), withUsam(rate, radius), withSam(rate, radius)],
      xTitle: "along the valley",
      yTitle: "across",
      perFrame: 40,
      longest: longestDrift,
      note: `SAM is predicted to be at ${significant(end)} after ${longestDrift} steps. Where the walls are steepest, at curvature ${steepest}, GD and SAM stay in the valley below the learning rate ${significant(2 / steepest)}, USAM below ${significant(Theory.usamThreshold(radius, steepest))}.`,
      beside: (drawing) =>
        drawing.line(
          [
            [end, -0.6],
            [end, 0.6],
          ],
          "muted",
          true,
        ),
    }
  },
})

const hyperbola: ReadonlyArray<Point> = Array.from({ length: 80 }, (_, i) => {
  const x = 0.25 + (3.75 * i) / 79
  return [x, 1 / x]
})

const quarter: Box = { x: [0, 4], y: [0, 4] }

export const flattest = inThePlane({
  ...shown.flattest,
  seen: "Each point of the curve x y = 1 is a minimum, and the trace of the Hessian, x^2 + y^2, is least at (1, 1). Gradient descent stops where it meets the curve; noise in the labels, or SAM's radius, moves the point along it to the flattest.",
  knobs: [
    { id: "noise", label: "noise of the label", least: 0.02, most: 0.5, value: 0.25, isLog: true },
    { id: "radius", label: "radius of SAM", least: 0.02, most: 0.3, value: 0.15, isLog: true },
  ],
  box: quarter,
  start: [3.2, 0.9],
  begin: ({ noise = 0.25, radius = 0.15 }) => {
    const stream = RandomStream.make(Seed.root("the flattest of many minima"))
    const learningRate = 0.04
    const [below, above] = [scalarFactorisation(1 - noise), scalarFactorisation(1 + noise)]
    return {
      objective: scalarFactorisation(1),
      walkers: [
        descent(learningRate),
        withSam(learningRate, radius),
        {
          ...descent(learningRate),
          name: "label noise",
          colour: "series-4",
          objectiveOf: () => (stream.sign() < 0 ? below : above),
        },
      ],
      xTitle: "x",
      yTitle: "y",
      perFrame: 20,
      longest: 8000,
      note: "The flattest minimum is (1, 1).",
      beside: (drawing) => drawing.line(hyperbola, "muted", true),
    }
  },
})
