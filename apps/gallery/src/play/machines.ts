/** Two machines that differ in rounding, and their published answers. */
import { significant } from "@nonconvex/numerics/Decimal"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Seed from "@nonconvex/numerics/Seed"
import { ditheredRounding, Theory } from "@nonconvex/reproducible-minimax"
import { shown } from "./Shown.ts"
import type { Point } from "./Point.ts"
import type { Toy } from "./Toy.ts"

const dimension = 2
const answer: Point = [0.37, 0.58]
const mostPairs = 2000

export const machines: Toy = {
  ...shown.machines,
  seen: "Two machines solve the same problem, and their answers (circles) differ by rounding. Each publishes the nearest point of a grid that both shift by the same seed. Both publish identical bits, except for a small fraction of seeds, which the theorem bounds.",
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
    return {
      advance: () => {
        for (let k = 0; k < 4; k++) {
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
        }
        return pairs < mostPairs
      },
      tell: () =>
        `The raw answers always differed; the published ones agreed for ${same} of ${pairs} seeds. Mismatch rate ${significant(1 - same / Math.max(1, pairs))}, bound ${significant(bound)}.`,
      draw: (plot) => {
        const drawing = plot.axes({
          box: { x: [0, 0.8], y: [0.2, 0.95] },
          xTitle: "first coordinate",
          yTitle: "second coordinate",
        })
        const [origin] = published
        if (origin !== undefined) {
          for (let k = -40; k <= 40; k++) {
            const [x, y] = [origin[0] + (k + 0.5) * width, origin[1] + (k + 0.5) * width]
            drawing.line(
              [
                [x, 0],
                [x, 1],
              ],
              "grid",
            )
            drawing.line(
              [
                [0, y],
                [1, y],
              ],
              "grid",
            )
          }
        }
        seen.forEach((point, i) => drawing.ring(point, i === 0 ? "series-1" : "series-2", 6))
        published.forEach((point, i) =>
          drawing.dot(point, i === 0 ? "series-1" : "series-2", i === 0 ? 7 : 4),
        )
      },
    }
  },
}
