/** Two machines with different rounding, and their published answers. */
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Seed from "@nonconvex/numerics/Seed"
import { ditheredRounding, Theory } from "@nonconvex/reproducible-minimax"
import { Curve } from "./Curve.ts"
import { drawCurves } from "./Plane.ts"
import { numberText } from "./NumberText.ts"
import { shown } from "./ToyList.ts"
import type { Point } from "./Point.ts"
import type { Toy } from "./Toy.ts"

const dimension = 2
const answer: Point = [0.37, 0.58]
const mostPairs = 400

export const machines: Toy = {
  ...shown.machines,
  seen: "Two machines solve the same problem, and their answers (circles) differ by rounding. Each publishes the nearest point of a grid that both shift by the same seed. Both publish identical bits, except for a small fraction of seeds, which the theorem bounds.",
  tryThis:
    "Make the grid as narrow as the answers are apart: the bound is then above 1, and most seeds differ. Slow it down to see the grid move with each seed.",
  presets: [
    { label: "a wide grid", values: { deviation: 0.02, width: 0.25 } },
    { label: "answers far apart", values: { deviation: 0.1, width: 0.25 } },
    { label: "a narrow grid", values: { deviation: 0.02, width: 0.04 } },
  ],
  knobs: [
    {
      id: "deviation",
      label: "distance of the answers",
      least: 0.001,
      most: 0.2,
      value: 0.02,
      isLog: true,
    },
    { id: "width", label: "width of the grid", least: 0.02, most: 0.5, value: 0.25, isLog: true },
  ],
  begin: ({ deviation = 0.02, width = 0.25 }) => {
    const root = Seed.root("two machines")
    const stream = RandomStream.make(root.child("rounding"))
    const direction = new Float64Array(dimension)
    let pairs = 0
    let same = 0
    let seen: ReadonlyArray<Point> = []
    let published: ReadonlyArray<Point> = []
    const bound = Math.min(1, Theory.roundingFailure(deviation, width, dimension))
    const rates = new Curve()
    return {
      pace: 0.5,
      advance: () => {
        pairs++
        stream.fillSphere(direction)
        const found = [1, -1].map((sign) =>
          Float64Array.from(answer, (x, i) => x + 0.5 * sign * deviation * direction[i]!),
        )
        const shared = { seed: root.child(String(pairs)), width }
        const told = found.map((point) => ditheredRounding(point, shared).point)
        seen = found.map(([x, y]) => [x!, y!])
        published = told.map(([x, y]) => [x!, y!])
        if (told[0]!.every((x, i) => x === told[1]![i])) same++
        rates.push(pairs, 1 - same / pairs)
        return pairs < mostPairs
      },
      tell: () => {
        const rate = 1 - same / Math.max(1, pairs)
        const error = Math.sqrt((bound * (1 - bound)) / Math.max(1, pairs))
        const side =
          rate <= bound
            ? "within it"
            : rate <= bound + 3 * error
              ? "above it by no more than chance"
              : "above it"
        return `The raw answers always differed; the published ones agreed for ${same} of ${pairs} seeds. The share that differed is ${numberText(rate)}; the theorem bounds its expectation by ${numberText(bound)}: ${side}.`
      },
      drawCurve: (plot) => {
        const last = Math.max(1, pairs)
        drawCurves(
          plot,
          [
            {
              name: "bound",
              colour: "muted",
              isDashed: true,
              points: [
                [0, bound],
                [last, bound],
              ],
            },
            { name: "differed", colour: "series-2", points: rates.points },
          ],
          "share of seeds that differed",
          [0, Math.min(1.05, Math.max(2 * bound, 0.02))],
        )
      },
      draw: (plot) => {
        const drawing = plot.axes({
          box: { x: [0, 0.8], y: [0.2, 0.95] },
          isEqual: true,
          xTitle: "first coordinate",
          yTitle: "second coordinate",
        })
        const [origin] = published
        if (origin !== undefined) {
          for (let k = -80; k <= 80; k++) {
            const [x, y] = [origin[0] + (k + 0.5) * width, origin[1] + (k + 0.5) * width]
            drawing.line(
              [
                [x, -1],
                [x, 2],
              ],
              "axis",
            )
            drawing.line(
              [
                [-1, y],
                [2, y],
              ],
              "axis",
            )
          }
        }
        seen.forEach((point, i) => drawing.ring(point, i === 0 ? "series-1" : "series-2", 6))
        published.forEach((point, i) =>
          drawing.dot(point, i === 0 ? "series-1" : "series-2", i === 0 ? 7 : 4),
        )
        if (origin !== undefined) {
          drawing.labels([
            { at: seen[0]!, text: "answers", colour: "ink" },
            { at: origin, text: "published", colour: "series-1" },
          ])
        }
      },
    }
  },
}
