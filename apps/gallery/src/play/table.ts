/** A rank-one table with hidden entries, completed by factorisations of several depths under label noise. */
import {
  completion,
  deepFactorisation,
  Factorisation,
  labelNoiseDescent,
  measure,
  minimiseNuclearNorm,
} from "@nonconvex/matrix-factorization"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Svd from "@nonconvex/numerics/Svd"
import { Curve } from "./Curve.ts"
import { whole } from "./Plot.ts"
import { numberText } from "./NumberText.ts"
import { shown } from "./ToyList.ts"
import type { Toy } from "./Toy.ts"

const size = 5
const cells = size * size
const [left, right] = [
  [1, -0.8, 0.6, 0.9, -0.5],
  [0.9, 0.7, -0.8, 0.5, 1],
] as const

const truth = Float64Array.from(
  { length: cells },
  (_, k) => 1.5 * left[Math.floor(k / size)]! * right[k % size]!,
)

const hidden: ReadonlySet<number> = new Set([0, 3, 7, 9, 11, 14, 16, 18, 20, 23])

const seen = Array.from({ length: cells }, (_, k) => k).filter((k) => !hidden.has(k))

const longest = 40_000
/** Steps between evaluations of the product. */
const every = 40
/** Number of evaluations to average: under noise the product fluctuates about its mean. */
const averaged = 50

const total = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0)

export const table: Toy = {
  ...shown.table,
  panels: 2,
  seen: "Ten entries of a table of rank one are hidden (outlined). A product of matrices is fitted to the others, with fresh noise on the labels in each step. The noise drives it to flat minima, and the flattest product has the smallest nuclear norm, at every depth.",
  tryThis:
    "Remove the noise: the fit is as good, and the nuclear norm stays at its value after descent. Then compare depths 2, 3 and 4.",
  knobs: [
    { id: "depth", label: "layers", least: 2, most: 4, value: 3, isInteger: true },
    { id: "noise", label: "noise of the labels", least: 0, most: 1.2, value: 1 },
  ],
  presets: [
    { label: "2 layers", values: { depth: 2, noise: 1 } },
    { label: "3 layers", values: { depth: 3, noise: 1 } },
    { label: "4 layers", values: { depth: 4, noise: 1 } },
    { label: "no noise", values: { depth: 3, noise: 0 } },
  ],
  begin: ({ depth = 3, noise = 1 }) => {
    const layers = Math.round(depth)
    const measurements = completion({
      rows: size,
      columns: size,
      entries: seen.map((k) => [Math.floor(k / size), k % size] as const),
    })
    const targets = measure(measurements, truth)
    const least = minimiseNuclearNorm(measurements, targets).nuclearNorm
    const objective = deepFactorisation({
      measurements,
      targets,
      widths: Array.from({ length: layers + 1 }, () => size),
    })
    const method = labelNoiseDescent({
      learningRate: layers === 2 ? 0.05 : 0.03,
      noise,
      seed: Seed.root("noise of a table"),
    })
    const start = Factorisation.gaussian(objective.shape, { scale: 0.9, seed: Seed.root(3) })
    const state = method.init(objective, start)
    const norms = new Curve()
    let steps = 0
    const latest: Array<Float64Array> = []
    const product = new Float64Array(cells)
    let norm = 0
    const look = () => {
      latest.push(Factorisation.endToEnd(objective.shape, state.point))
      if (latest.length > averaged) latest.shift()
      for (let k = 0; k < cells; k++) {
        product[k] = latest.reduce((sum, each) => sum + each[k]!, 0) / latest.length
      }
      norm = total(Svd.singularValues(product, size, size))
      norms.push(steps, norm)
    }
    look()
    const errorOver = (of: Iterable<number>): number => {
      const all = [...of]
      return Math.sqrt(
        all.reduce((sum, k) => sum + Elementary.square(product[k]! - truth[k]!), 0) / all.length,
      )
    }
    return {
      pace: 80,
      advance: () => {
        method.step(state)
        steps++
        const isLast = steps >= longest || state.status === "diverged"
        if (isLast || steps % every === 0) look()
        return !isLast
      },
      tell: () =>
        state.status === "diverged"
          ? `The descent diverged at step ${steps}: the noise is too large for this depth.`
          : `After ${steps} steps with ${layers} layers the product, averaged over ${averaged * every} steps, has nuclear norm ${numberText(norm)}; the smallest of all tables with these entries is ${numberText(least)}. Hidden entries are off by ${numberText(errorOver(hidden))}, observed ones by ${numberText(errorOver(seen))} (root mean square).`,
      draw: (plot) => {
        const [first = whole, second = whole] = plot.panels(2)
        const drawing = plot.axes({
          panel: first,
          box: { x: [0.5, size + 0.5], y: [0.5, size + 0.5] },
          isEqual: true,
          xTitle: "column",
          yTitle: "row (from below)",
        })
        product.forEach((value, k) => {
          const [row, column] = [Math.floor(k / size), k % size]
          const [x, y] = [column + 1, row + 1]
          const strength = Math.min(1, Math.abs(value) / 1.6)
          drawing.bar(
            [x - 0.47, y - 0.47],
            [x + 0.47, y + 0.47],
            value < 0 ? "series-2" : "series-1",
            0.75 * strength,
          )
          if (!hidden.has(k)) return
          drawing.line(
            [
              [x - 0.47, y - 0.47],
              [x + 0.47, y - 0.47],
              [x + 0.47, y + 0.47],
              [x - 0.47, y + 0.47],
              [x - 0.47, y - 0.47],
            ],
            "ink",
          )
          const off = numberText(value - truth[k]!, 1)
          drawing.text([x - 0.36, y - 0.08], value > truth[k]! ? `+${off}` : off, "ink")
        })
        const last = Math.max(1, steps)
        const high = norms.points.reduce((most, [, value]) => Math.max(most, value), least)
        const room = 0.12 * (high - least) || 1
        const curve = plot.axes({
          panel: second,
          box: { x: [0, 1.02 * last], y: [least - room, high + room] },
          xTitle: "step",
          yTitle: "nuclear norm",
        })
        curve.line(
          [
            [0, least],
            [1.02 * last, least],
          ],
          "muted",
          true,
        )
        curve.line(norms.points, "series-3")
        curve.labels([
          { at: [0.3 * last, least], text: "least possible", colour: "muted" },
          { at: norms.points.at(-1)!, text: `${layers} layers`, colour: "series-3" },
        ])
      },
    }
  },
}
