/** Two perturbations on the floor of a valley that is sharp in one place and flat in another. */
import {
  Draws,
  sharpnessAwarePerturbation,
  smoothedPerturbation,
  squareLossModel,
} from "@nonconvex/flat-minima"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Seed from "@nonconvex/numerics/Seed"
import { playing, running } from "./Plane.ts"
import type { Box } from "./Plot.ts"
import type { Point } from "./Point.ts"
import { numberText } from "./NumberText.ts"
import { shown } from "./ToyList.ts"
import type { Toy } from "./Toy.ts"

const curvatureAt = (x: number): number => 2 + Elementary.sin(x)

/** `a(x) y² / 2` with a = 2 + sin x as the square loss of one sample, with further parameters that have no effect. */
const floor = (dimension: number) =>
  squareLossModel({
    name: "valley",
    dimension,
    size: 1,
    predictionGradient: (_, point, gradient) => {
      const [x, y] = [point[0]!, point[1]!]
      const root = Math.sqrt(curvatureAt(x))
      gradient.fill(0)
      gradient[0] = (0.5 * Elementary.cos(x) * y) / root
      gradient[1] = root
      return root * y
    },
  })

const box: Box = { x: [-2.6, 2.2], y: [-0.45, 0.45] }
const longest = 20_000

/** Midpoint between the curvature at the start and the least one. */
const halfOf = (start: Point): number => (curvatureAt(start[0]) + 1) / 2

export const floors: Toy = {
  ...shown.floors,
  seen: "The floor of the valley is a line of minima, sharpest at 1.57 and flattest at −1.57. Both methods perturb the point and step against the gradient found there: one in a random direction of all parameters, the other along the gradient of a sample.",
  tryThis:
    "Set the parameters to 2 and then to 50: the sharpness-aware path stays the same, and the random one takes proportionally longer.",
  knobs: [
    {
      id: "parameters",
      label: "parameters",
      least: 2,
      most: 50,
      value: 10,
      isLog: true,
      isInteger: true,
    },
    {
      id: "radius",
      label: "radius of the perturbation",
      least: 0.05,
      most: 0.5,
      value: 0.2,
      isLog: true,
    },
  ],
  presets: [
    { label: "10 parameters", values: { parameters: 10, radius: 0.2 } },
    { label: "2 parameters", values: { parameters: 2, radius: 0.2 } },
    { label: "50 parameters", values: { parameters: 50, radius: 0.2 } },
  ],
  box,
  begin: ({ parameters = 10, radius = 0.2 }, at = [1.2, 0.4]) => {
    const dimension = Math.max(2, Math.round(parameters))
    const model = floor(dimension)
    const seed = Seed.root("two floors")
    const start = [...at, ...Array.from({ length: dimension - 2 }, () => 0)]
    const options = (name: string) => ({
      learningRate: 0.1,
      plainLearningRate: 0.2,
      radius,
      gradientThreshold: 0.5,
      draws: Draws.fromSeed(seed.child(name)),
    })
    const walkers = [
      {
        name: "random",
        colour: "series-2",
        run: running(smoothedPerturbation(options("random")), model, start),
      },
      {
        name: "sharpness-aware",
        colour: "series-3",
        run: running(sharpnessAwarePerturbation(options("aware")), model, start),
      },
    ] as const
    /** Step at which the curvature below a walker first reached this midpoint. */
    const halved: Array<number | undefined> = walkers.map(() => undefined)
    const half = halfOf(at)
    const watched = walkers.map((walker, k) => {
      let steps = 0
      return {
        ...walker,
        run: {
          at: walker.run.at,
          step: () => {
            walker.run.step()
            steps++
            if (halved[k] === undefined && curvatureAt(walker.run.at()[0]) <= half)
              halved[k] = steps
          },
        },
      }
    })
    return playing({
      objective: model,
      box,
      isEqual: false,
      start: at,
      walkers: watched,
      xTitle: "along the floor",
      yTitle: "across",
      pace: 40,
      longest,
      curve: { title: "curvature below", of: ([x]) => curvatureAt(x) },
      note: `With ${dimension} parameters by the theorems, the sharpness-aware perturbation is about ${dimension} times as fast, to leading order in the radius.`,
      compare: (ends) => {
        const now = ends
          .map(({ at: [x], name }) => `${numberText(curvatureAt(x))} below ${name}`)
          .join(", ")
        const [random, aware] = halved
        const ratio =
          aware === undefined
            ? "neither has gone halfway to the smallest curvature."
            : random === undefined
              ? `halfway to the smallest curvature took sharpness-aware ${aware} steps, and random has not arrived.`
              : `halfway to the smallest curvature took sharpness-aware ${aware} steps and random ${random}: ${numberText(random / aware)} times as many.`
        return `The curvature is ${now}; ${ratio}`
      },
      beside: (drawing) => {
        for (const [x, text] of [
          [-Math.PI / 2, "flattest"],
          [Math.PI / 2, "sharpest"],
        ] as const) {
          drawing.line(
            [
              [x, box.y[0]],
              [x, box.y[1]],
            ],
            "muted",
            true,
          )
          drawing.labels([{ at: [x, box.y[1]], text, colour: "muted" }])
        }
      },
    })
  },
}
