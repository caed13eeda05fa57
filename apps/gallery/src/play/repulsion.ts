/** Eigenvalues of a matrix under real noise and under complex noise. */
import { significant } from "@nonconvex/numerics/Decimal"
import * as HermitianEigen from "@nonconvex/numerics/HermitianEigen"
import * as Kernels from "@nonconvex/numerics/Kernels"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Seed from "@nonconvex/numerics/Seed"
import type { Colour } from "./Plot.ts"
import { shown } from "./Shown.ts"
import type { Point } from "./Point.ts"
import type { Toy } from "./Toy.ts"

const size = 6
const frames = 300
const colours: ReadonlyArray<Colour> = ["series-1", "series-2", "series-3", "series-4", "series-5"]

interface Kind {
  readonly name: string
  readonly isComplex: boolean
}

/** A Hermitian matrix that moves by noise, and the ways of its eigenvalues. Entries off the diagonal have variance 1 in both kinds. */
const moving = ({ isComplex, name }: Kind, spread: number, seed: Seed.Seed) => {
  const stream = RandomStream.make(seed)
  const re = new Float64Array(size * size)
  const im = new Float64Array(size * size)
  const kernels = Kernels.standard()
  for (let i = 0; i < size; i++) re[i * size + i] = spread * (i - (size - 1) / 2)
  const ways: ReadonlyArray<Array<Point>> = Array.from({ length: size }, () => [])
  let nearest = Number.POSITIVE_INFINITY
  const step = (frame: number) => {
    const deviation = 1 / Math.sqrt(frames)
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < i; j++) {
        const part = isComplex ? Math.SQRT1_2 : 1
        re[i * size + j]! += deviation * part * stream.normal()
        if (isComplex) im[i * size + j]! += deviation * part * stream.normal()
      }
      re[i * size + i]! += deviation * stream.normal() * (isComplex ? 1 : Math.SQRT2)
    }
    const values = HermitianEigen.eigenvalues(re, im, size, kernels)
    values.forEach((value, i) => {
      ways[i]!.push([frame / frames, value])
      if (i > 0) nearest = Math.min(nearest, value - values[i - 1]!)
    })
  }
  return { name, step, ways, nearest: () => nearest }
}

const kinds: ReadonlyArray<Kind> = [
  { name: "real", isComplex: false },
  { name: "complex", isComplex: true },
]

export const repulsion: Toy = {
  ...shown.repulsion,
  seen: "A little noise is added to a matrix in each frame. Its eigenvalues repel each other and never meet. A gap below s has probability of order s^3 with complex noise and s^2 with real noise, so complex noise keeps them farther apart on average. The mechanism of the paper uses this.",
  knobs: [
    { id: "spread", label: "gaps at the start", least: 0, most: 2, value: 0.2 },
    { id: "seed", label: "seed", least: 1, most: 50, value: 1 },
  ],
  begin: ({ seed = 1, spread = 0.2 }) => {
    const both = kinds.map((kind) =>
      moving(kind, spread, Seed.root(Math.round(seed)).child(kind.name)),
    )
    let frame = 0
    return {
      advance: () => {
        frame++
        for (const { step } of both) step(frame)
        return frame < frames
      },
      tell: () =>
        `The nearest that two eigenvalues came: ${both.map(({ name, nearest }) => `${name} ${significant(nearest())}`).join(", ")}.`,
      draw: (plot) => {
        both.forEach(({ name, ways }, i) => {
          const drawing = plot.axes({
            panel: { left: i / 2, right: (i + 1) / 2, top: 0, bottom: 1 },
            box: { x: [0, 1], y: [-6, 6] },
            xTitle: "noise",
            yTitle: `eigenvalues, ${name}`,
          })
          ways.forEach((way, k) => drawing.line(way, colours[k % colours.length]!))
        })
      },
    }
  },
}
