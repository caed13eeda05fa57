/** Smallest gap between the eigenvalues of a matrix under real and under complex noise, over seeds. */
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as HermitianEigen from "@nonconvex/numerics/HermitianEigen"
import * as Kernels from "@nonconvex/numerics/Kernels"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Seed from "@nonconvex/numerics/Seed"
import { type Colour, whole } from "./Plot.ts"
import { numberText } from "./NumberText.ts"
import { shown } from "./ToyList.ts"
import type { Point } from "./Point.ts"
import type { Toy } from "./Toy.ts"

const size = 6
/** Number of times at which the eigenvalues are computed while noise is added. */
const moments = 120
const seeds = 200
const panels = 3

interface Kind {
  readonly name: string
  readonly isComplex: boolean
  readonly colour: Colour
}

/**
 * Eigenvalue paths of a Hermitian matrix under growing noise, and their smallest gap. Off-diagonal entries have variance 1 in
 * both kinds.
 */
const moved = ({ isComplex }: Kind, spread: number, seed: Seed.Seed) => {
  const stream = RandomStream.make(seed)
  const re = new Float64Array(size * size)
  const im = new Float64Array(size * size)
  const kernels = Kernels.standard()
  for (let i = 0; i < size; i++) re[i * size + i] = spread * (i - (size - 1) / 2)
  const paths: ReadonlyArray<Array<Point>> = Array.from({ length: size }, () => [])
  const deviation = 1 / Math.sqrt(moments)
  const part = isComplex ? Math.SQRT1_2 : 1
  let gap = Number.POSITIVE_INFINITY
  for (let moment = 1; moment <= moments; moment++) {
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < i; j++) {
        re[i * size + j]! += deviation * part * stream.normal()
        if (isComplex) im[i * size + j]! += deviation * part * stream.normal()
      }
      re[i * size + i]! += deviation * stream.normal() * (isComplex ? 1 : Math.SQRT2)
    }
    const values = HermitianEigen.eigenvalues(re, im, size, kernels)
    values.forEach((value, i) => {
      paths[i]!.push([moment / moments, value])
      if (i > 0) gap = Math.min(gap, value - values[i - 1]!)
    })
  }
  return { paths, gap }
}

const kinds: ReadonlyArray<Kind> = [
  { name: "real", isComplex: false, colour: "series-2" },
  { name: "complex", isComplex: true, colour: "series-1" },
]

const medianOf = (values: ReadonlyArray<number>): number => {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  return (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle) - 1]!) / 2
}

/** Bins of the histogram, in decades of the gap. */
const [lowest, highest, width] = [-4, 0.5, 0.25]

const countsOf = (gaps: ReadonlyArray<number>): ReadonlyArray<number> => {
  const counts = Array.from({ length: Math.round((highest - lowest) / width) }, () => 0)
  for (const gap of gaps) {
    const bin = Math.floor((Elementary.log10(gap) - lowest) / width)
    counts[Math.min(counts.length - 1, Math.max(0, bin))]!++
  }
  return counts
}

export const repulsion: Toy = {
  ...shown.repulsion,
  seen: "Noise is added to a matrix little by little, and its eigenvalues repel each other. A gap below s has probability of order s^3 with complex noise and s^2 with real noise. One path hides that; the histogram of the smallest gap along the path, over many seeds, shows it.",
  tryThis:
    "Set the first gaps to 0, so that all eigenvalues begin together; then to 2, where the noise brings hardly any two of them close together.",
  panels,
  knobs: [
    { id: "spread", label: "gaps at the start", least: 0, most: 2, value: 0.2 },
    { id: "seeds", label: "seeds", least: 20, most: seeds, value: 100, isInteger: true },
  ],
  presets: [
    { label: "near at the start", values: { spread: 0.2, seeds: 100 } },
    { label: "together at the start", values: { spread: 0, seeds: 100 } },
    { label: "far at the start", values: { spread: 2, seeds: 100 } },
  ],
  begin: ({ seeds: asked = 100, spread = 0.2 }) => {
    const longest = Math.round(asked)
    const gaps = kinds.map((): Array<number> => [])
    let latest: ReadonlyArray<ReturnType<typeof moved>> = []
    return {
      pace: 1,
      advance: () => {
        const seed = Seed.root(gaps[0]!.length + 1)
        latest = kinds.map((kind) => moved(kind, spread, seed.child(kind.name)))
        latest.forEach(({ gap }, k) => gaps[k]!.push(gap))
        return gaps[0]!.length < longest
      },
      tell: () => {
        const [real, complex] = gaps.map(medianOf)
        const factor = complex! / real!
        return `Over ${gaps[0]!.length} seeds the smallest gap along the path has median ${numberText(real!)} with real noise and ${numberText(complex!)} with complex noise: ${numberText(factor)} times as wide.`
      },
      draw: (plot) => {
        const places = plot.panels(panels)
        kinds.forEach(({ colour, name }, k) => {
          const drawing = plot.axes({
            panel: places[k] ?? whole,
            box: { x: [0, 1], y: [-6.5, 6.5] },
            xTitle: "noise so far",
            yTitle: `eigenvalues, ${name} noise, seed ${gaps[0]!.length}`,
          })
          for (const path of latest[k]?.paths ?? []) drawing.line(path, colour)
        })
        const counts = gaps.map(countsOf)
        const most = counts.flat().reduce((high, count) => Math.max(high, count), 4)
        const drawing = plot.axes({
          panel: places[2] ?? whole,
          box: { x: [lowest, highest], y: [0, 1.3 * most] },
          xTitle: "log₁₀ of the smallest gap",
          yTitle: "seeds",
        })
        counts.forEach((all, k) => {
          const outline: Array<Point> = [[lowest, 0]]
          all.forEach((count, i) => {
            const [from, to] = [lowest + i * width, lowest + (i + 1) * width]
            drawing.bar([from, 0], [to, count], kinds[k]!.colour, 0.25)
            outline.push([from, count], [to, count])
          })
          outline.push([highest, 0])
          drawing.line(outline, kinds[k]!.colour)
        })
        const medians = gaps.map((all) => Elementary.log10(medianOf(all)))
        kinds.forEach(({ colour }, k) =>
          drawing.line(
            [
              [medians[k]!, 0],
              [medians[k]!, 1.3 * most],
            ],
            colour,
            true,
          ),
        )
        if (gaps[0]!.length > 0) {
          drawing.labels(
            kinds.map(({ colour, name }, k) => ({
              at: [medians[k]!, (1.25 - 0.1 * k) * most],
              text: `median, ${name}`,
              colour,
            })),
          )
        }
      },
    }
  },
}
