/** Published covariance at growing privacy. */
import { GaussianPrivacy } from "@nonconvex/dp-lowrank"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Seed from "@nonconvex/numerics/Seed"
import * as SymmetricEigen from "@nonconvex/numerics/SymmetricEigen"
import { drawCurves } from "./Plane.ts"
import { numberText } from "./NumberText.ts"
import { shown } from "./ToyList.ts"
import type { Point } from "./Point.ts"
import type { Toy } from "./Toy.ts"

const rows = 400
const delta = 1e-6
/** Number of publications in a run. */
const publications = 60

/** Rows in the unit disc, most of them along one direction. */
const people = ((): ReadonlyArray<Point> => {
  const stream = RandomStream.make(Seed.root("people in a disc"))
  return Array.from({ length: rows }, () => {
    const [along, across] = [0.38 * stream.normal(), 0.12 * stream.normal()]
    const [x, y] = [0.8 * along - 0.6 * across, 0.6 * along + 0.8 * across]
    const shrink = Math.max(1, Math.sqrt(x * x + y * y))
    return [x / shrink, y / shrink]
  })
})()

type Scatter = readonly [xx: number, xy: number, yy: number]

const scatter: Scatter = people.reduce<Scatter>(
  ([xx, xy, yy], [x, y]) => [xx + x * x, xy + x * y, yy + y * y],
  [0, 0, 0],
)

/** The two-sigma ellipse of a covariance if it is positive, and its first direction. */
const ellipse = ([xx, xy, yy]: Scatter) => {
  const pairs = SymmetricEigen.eigen(Float64Array.of(xx / rows, xy / rows, xy / rows, yy / rows), 2)
  const [small, large] = Array.from(pairs.values, (value) => 2 * Math.sqrt(Math.max(0, value)))
  const [v, w] = SymmetricEigen.vector(pairs, 1) as unknown as Point
  const outline = Array.from({ length: 61 }, (_, i): Point => {
    const angle = (2 * Math.PI * i) / 60
    const [a, b] = [large! * Elementary.cos(angle), small! * Elementary.sin(angle)]
    return [a * v - b * w, a * w + b * v]
  })
  return { outline, direction: [v, w] as const }
}

const truth = ellipse(scatter)

export const covariance: Toy = {
  ...shown.covariance,
  seen: "The sum of x x' over 400 rows in the unit disc is published with Gaussian noise, repeatedly here, which would violate the privacy of real people. With small epsilon the noise hides the direction of the data; as epsilon grows, the noisy ellipses settle on the true one.",
  tryThis:
    "Find the smallest epsilon at which the direction of the data survives: lower it until the cosine falls below 0.9.",
  presets: [
    { label: "hidden", values: { epsilon: 0.03 } },
    { label: "in between", values: { epsilon: 0.3 } },
    { label: "plain to see", values: { epsilon: 5 } },
  ],
  knobs: [{ id: "epsilon", label: "epsilon", least: 0.02, most: 10, value: 0.3, isLog: true }],
  begin: ({ epsilon = 0.3 }) => {
    // replacing one row moves the sum by at most sqrt(2) in the Frobenius norm
    const deviation = Math.SQRT2 * GaussianPrivacy.noiseMultiplier({ epsilon, delta })
    const stream = RandomStream.make(Seed.root("noise of a picture"))
    const drawn: Array<ReturnType<typeof ellipse>> = []
    /** Mean cosine between the directions so far and the true one, after each publication. */
    const cosines: Array<Point> = []
    let sum = 0
    return {
      pace: 0.1,
      advance: () => {
        const [xx, xy, yy] = scatter
        // off the diagonal stands each number twice, so that its noise is smaller by sqrt(2)
        const off = (deviation / Math.SQRT2) * stream.normal()
        const noisy = ellipse([
          xx + deviation * stream.normal(),
          xy + off,
          yy + deviation * stream.normal(),
        ])
        drawn.push(noisy)
        const [v, w] = noisy.direction
        sum += Math.abs(v * truth.direction[0] + w * truth.direction[1])
        cosines.push([drawn.length, sum / drawn.length])
        return drawn.length < publications
      },
      tell: () => {
        const mean = sum / Math.max(1, drawn.length)
        const survives = mean > 0.9 ? "the direction survives the noise" : "the noise hides it"
        return `With epsilon ${numberText(epsilon)} and delta ${numberText(delta)} the noise has deviation ${numberText(deviation)}, on sums of up to ${numberText(scatter[0])}. The first directions of ${drawn.length} publications have cosine ${numberText(mean)} on average with the true one: ${survives}. The noise here is plain floating point; the command uses exact noise.`
      },
      drawCurve: (plot) =>
        drawCurves(
          plot,
          [{ name: "mean", colour: "series-2", points: cosines }],
          "cosine with the true direction",
          [0.5, 1.02],
        ),
      draw: (plot) => {
        const drawing = plot.axes({
          box: { x: [-1.5, 1.5], y: [-1.1, 1.1] },
          isEqual: true,
          xTitle: "first column",
          yTitle: "second column",
        })
        for (const point of people) drawing.dot(point, "axis", 1.5)
        for (const { outline } of drawn.slice(-8)) drawing.line(outline, "series-2")
        drawing.line(truth.outline, "series-1")
        const tip = ({ outline }: ReturnType<typeof ellipse>): Point =>
          outline.reduce((top, point) => (point[1] > top[1] ? point : top))
        drawing.labels([
          { at: tip(truth), text: "true", colour: "series-1" },
          ...drawn
            .slice(-1)
            .map((each) => ({ at: tip(each), text: "published", colour: "series-2" }) as const),
        ])
      },
    }
  },
}
