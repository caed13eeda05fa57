/** Toys in the plane: the normalisation of SAM, the drift along a valley, and the flattest point of a curve of minima. */
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Seed from "@nonconvex/numerics/Seed"
import { Theory } from "@nonconvex/optim-sam"
import type { Objective } from "@nonconvex/problems/Objective"
import { sam } from "@nonconvex/problems/Sam"
import { usam } from "@nonconvex/problems/Usam"
import { scalarFactorisation } from "@nonconvex/problems/ScalarFactorisation"
import { sgd } from "@nonconvex/problems/Sgd"
import { valley } from "@nonconvex/problems/Valley"
import {
  type End,
  lostAfter,
  type Plane,
  playing,
  running,
  threshold,
  type Walker,
} from "./Plane.ts"
import type { Box } from "./Plot.ts"
import { numberText } from "./NumberText.ts"
import { shown } from "./ToyList.ts"
import type { Point } from "./Point.ts"
import type { Toy, Values } from "./Toy.ts"

interface Setting {
  readonly objective: Objective
  readonly at: Point
  readonly learningRate: number
}

const descending = ({ at, learningRate, objective }: Setting): Walker => ({
  name: "GD",
  colour: "series-1",
  run: running(usam({ radius: 0, base: sgd({ learningRate }) }), objective, at),
})

const withSam = ({ at, learningRate, objective }: Setting, radius: number): Walker => ({
  name: "SAM",
  colour: "series-3",
  run: running(sam({ radius, base: sgd({ learningRate }) }), objective, at),
})

const withUsam = ({ at, learningRate, objective }: Setting, radius: number): Walker => ({
  name: "USAM",
  colour: "series-2",
  run: running(usam({ radius, base: sgd({ learningRate }) }), objective, at),
})

const named = (ends: ReadonlyArray<End>, name: string): End =>
  ends.find((each) => each.name === name)!

const norm = ([x, y]: Point): number => Math.sqrt(x * x + y * y)

/** Toy whose methods draw their paths in the plane, from a start that the reader sets. */
const inThePlane = ({
  begin,
  start,
  ...toy
}: Omit<Toy, "begin" | "box"> & {
  readonly box: Box
  readonly start: Point
  readonly begin: (values: Values, at: Point) => Omit<Plane, "box" | "isEqual" | "start">
}): Toy => ({
  ...toy,
  begin: (values, at = start) =>
    playing({ box: toy.box, isEqual: toy.isEqual ?? false, start: at, ...begin(values, at) }),
})

const square: Box = { x: [-20, 20], y: [-20, 20] }

/** Radii to try for the threshold, and the maximum number of steps for each. */
const radii = [1e-4, 10] as const
const enoughSteps = 2000

/** Conditions of Theorem 2 that a start and a learning rate violate, in words. */
const unmet = ([x, y]: Point, rate: number): ReadonlyArray<string> => [
  ...(Math.abs(rate - 1) < 1e-6
    ? []
    : [`a learning rate of 1 / |start|², and here it is ${numberText(rate)} / |start|²`]),
  ...(2 * x > y && y > x && x >= 5 ? [] : ["a start with 2 x > y > x ≥ 5"]),
]

export const normalisation = inThePlane({
  ...shown.normalisation,
  seen: "On (x y)^2 / 2 the minima are the two axes, and the flattest is the origin. USAM does not divide by the norm of the gradient, so far out its perturbation is as large as the gradient.",
  tryThis:
    "Lower the radius until USAM no longer diverges: the measured threshold is far below the proved one. Then drag the start towards the origin.",
  knobs: [
    { id: "radius", label: "radius", least: 0.001, most: 2, value: 1, isLog: true },
    { id: "rate", label: "learning rate × |start|²", least: 0.1, most: 1.9, value: 1 },
  ],
  presets: [
    { label: "the theorem", values: { radius: 1, rate: 1 } },
    { label: "just above the proved radius", values: { radius: 0.05, rate: 1 } },
    { label: "below the measured radius", values: { radius: 0.003, rate: 1 } },
  ],
  box: square,
  isEqual: true,
  start: [10, 15],
  begin: ({ radius = 1, rate = 1 }, at) => {
    const objective = scalarFactorisation()
    const learningRate = rate / Math.max(1, at[0] * at[0] + at[1] * at[1])
    const setting = { objective, at, learningRate }
    const measured = threshold(
      (tried) => lostAfter(withUsam(setting, tried).run, enoughSteps) !== undefined,
      radii,
    )
    const conditions = unmet(at, rate)
    const proved = 15 * learningRate
    const found =
      measured === undefined
        ? `Measured from this start: no radius between ${numberText(radii[0])} and ${numberText(radii[1])} is the first to make it diverge within ${enoughSteps} steps.`
        : `Measured from this start, by bisection: from ${numberText(measured)}.`
    return {
      objective,
      walkers: [descending(setting), withUsam(setting, radius), withSam(setting, radius)],
      xTitle: "x",
      yTitle: "y",
      pace: 8,
      longest: 4000,
      note:
        conditions.length === 0
          ? `Theorem 2 proves that USAM diverges from radius 15 × learning rate = ${numberText(proved)} on. ${found}`
          : `Theorem 2 says nothing here: it needs ${conditions.join(" and ")}. ${found}`,
      compare: (ends) => {
        const end = named(ends, "SAM")
        if (end.divergedAt !== undefined) return ""
        const left = norm(end.at) / norm(at)
        return left < 0.01
          ? "SAM went down the axis to the origin, the flattest minimum."
          : `SAM is at ${numberText(left)} of its first distance from the origin.`
      },
    }
  },
})

const profile = { base: 2, amplitude: 1 }

const curvatureAt = (x: number): number => profile.base + profile.amplitude * Elementary.sin(x)

const steepest = profile.base + profile.amplitude

const longestDrift = 12_000

const bottom: Box = { x: [-3, 3], y: [-0.45, 0.45] }

/** Ends of SAM by its drift law, step by step; undefined once the law leaves the drawn valley or violates its own conditions. */
const drifts = (
  learningRate: number,
  radius: number,
  from: number,
): ReadonlyArray<number> | undefined => {
  const path = new Float64Array(longestDrift + 1)
  path[0] = from
  for (let step = 0; step < longestDrift; step++) {
    const x = path[step]!
    const curvature = curvatureAt(x)
    if (learningRate * curvature >= 2 || Math.abs(x) > 2 * Math.PI) return undefined
    const slope = profile.amplitude * Elementary.cos(x)
    path[step + 1] = x + Theory.valleyDrift(learningRate, radius, curvature, slope)
  }
  return Array.from(path)
}

const rates = [0.01, 3] as const

export const drift = inThePlane({
  ...shown.drift,
  seen: "Every point on the floor is a minimum, and the valley is widest at −1.57. Gradient descent and USAM stop where they reach the floor; SAM bounces from wall to wall and drifts along it.",
  tryThis:
    "Step through it: SAM changes sides at each step. Then raise the learning rate above 2 / curvature, where the law does not apply.",
  knobs: [
    { id: "radius", label: "radius", least: 0.02, most: 0.3, value: 0.12, isLog: true },
    { id: "rate", label: "learning rate", least: 0.02, most: 0.8, value: 0.2 },
  ],
  presets: [
    { label: "as the law says", values: { radius: 0.12, rate: 0.2 } },
    { label: "a wide bounce", values: { radius: 0.3, rate: 0.3 } },
    { label: "where the law does not apply", values: { radius: 0.12, rate: 0.75 } },
  ],
  box: bottom,
  start: [1.2, 0.4],
  begin: ({ radius = 0.12, rate = 0.2 }, at) => {
    const objective = valley(profile)
    const setting = { objective, at, learningRate: rate }
    const law = drifts(rate, radius, at[0])
    const leaves = (walker: (setting: Setting) => Walker) =>
      threshold(
        (learningRate) =>
          lostAfter(walker({ ...setting, learningRate }).run, enoughSteps) !== undefined,
        rates,
      )
    const measured = [
      ["GD", leaves(descending)],
      ["USAM", leaves((each) => withUsam(each, radius))],
    ] as const
    const found = measured.flatMap(([name, value]) =>
      value === undefined ? [] : [`${name} from ${numberText(value)}`],
    )
    const safe = `Where the walls are steepest, at curvature ${steepest}, GD and SAM are proved to stay below the learning rate ${numberText(2 / steepest)}, USAM below ${numberText(Theory.usamThreshold(radius, steepest))}.`
    const left =
      found.length === 0 ? "" : ` Measured from this start they leave later: ${found.join(", ")}.`
    return {
      objective,
      walkers: [descending(setting), withUsam(setting, radius), withSam(setting, radius)],
      xTitle: "along the valley",
      yTitle: "across",
      pace: 30,
      longest: longestDrift,
      note: `${safe}${left}`,
      compare: (ends, steps) => {
        const { at: end, divergedAt } = named(ends, "SAM")
        if (law === undefined) {
          return `The law of the drift needs a learning rate below 2 / curvature at each step, here between ${numberText(2 / steepest)} and ${numberText(2 / (profile.base - profile.amplitude))}: it does not apply.`
        }
        if (divergedAt !== undefined) return "SAM left the valley, which the law does not predict."
        const predicted = law[Math.min(steps, longestDrift)]!
        return `The law of the drift predicts SAM at ${numberText(predicted)} along the valley by now, and it is at ${numberText(end[0])}.`
      },
      ...(law !== undefined && {
        beside: (drawing) => {
          const end = law.at(-1)!
          drawing.line(
            [
              [end, bottom.y[0]],
              [end, bottom.y[1]],
            ],
            "muted",
            true,
          )
          drawing.labels([{ at: [end, bottom.y[1]], text: "end by the law", colour: "muted" }])
        },
      }),
    }
  },
})

const hyperbola: ReadonlyArray<Point> = Array.from({ length: 80 }, (_, i) => {
  const x = 0.22 + (4.28 * i) / 79
  return [x, 1 / x]
})

const quarter: Box = { x: [0, 4], y: [0, 3] }

/** Distance from the flattest minimum that counts as reaching it. */
const atFlattest = 0.2

export const flattest = inThePlane({
  ...shown.flattest,
  seen: "Each point of the curve x y = 1 is a minimum, and the trace of the Hessian, x^2 + y^2, is smallest at (1, 1). Gradient descent stops where it meets the curve.",
  tryThis:
    "Halve the noise: the drift is of the order of its square, so it takes four times as long, and the run ends before the minimum.",
  knobs: [
    { id: "noise", label: "noise of the label", least: 0.02, most: 0.8, value: 0.5, isLog: true },
    { id: "radius", label: "radius of SAM", least: 0.02, most: 0.3, value: 0.15, isLog: true },
  ],
  presets: [
    { label: "noise that arrives", values: { noise: 0.5, radius: 0.15 } },
    { label: "half the noise", values: { noise: 0.25, radius: 0.15 } },
    { label: "from the other side", values: { noise: 0.5, radius: 0.15 }, start: [0.4, 2.8] },
  ],
  box: quarter,
  isEqual: true,
  start: [3.2, 0.9],
  begin: ({ noise = 0.5, radius = 0.15 }, at) => {
    const stream = RandomStream.make(Seed.root("the flattest of many minima"))
    const learningRate = 0.04
    const objective: Objective = scalarFactorisation(1)
    const setting = { objective, at, learningRate }
    const [below, above] = [scalarFactorisation(1 - noise), scalarFactorisation(1 + noise)]
    const noisy = usam({ radius: 0, base: sgd({ learningRate }) })
    return {
      objective,
      walkers: [
        descending(setting),
        withSam(setting, radius),
        {
          name: "label noise",
          colour: "series-4",
          run: running(noisy, objective, at, () => (stream.sign() < 0 ? below : above)),
        },
      ],
      xTitle: "x",
      yTitle: "y",
      pace: 20,
      longest: 8000,
      note: "The flattest minimum is (1, 1), where the trace is 2.",
      compare: (ends) =>
        ends
          .filter(({ divergedAt }) => divergedAt === undefined)
          .map(({ at: [x, y], name }) => {
            const trace = numberText(x * x + y * y)
            return norm([x - 1, y - 1]) < atFlattest
              ? `${name} is at the flattest (trace ${trace}).`
              : `${name} is not there (trace ${trace}).`
          })
          .join(" "),
      beside: (drawing) => drawing.line(hyperbola, "muted", true),
    }
  },
})
