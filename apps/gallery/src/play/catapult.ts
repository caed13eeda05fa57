/** A catapult: a learning rate past the critical one. */
import { significant } from "@nonconvex/numerics/Decimal"
import {
  Agop,
  descentOf,
  meanSquared,
  normalStart,
  ntkArchitecture,
  ntkNetwork,
} from "@nonconvex/catapults"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Seed from "@nonconvex/numerics/Seed"
import { shown } from "./Shown.ts"
import { whole } from "./Plot.ts"
import type { Point } from "./Point.ts"
import type { Toy } from "./Toy.ts"

const samples = 24
const inputs = 4
const longest = 160
const panels = 3

export const catapult: Toy = {
  ...shown.catapult,
  seen: "Between one and two times the critical learning rate of the start, the loss spikes. The tangent kernel shrinks until the learning rate is below the critical one again (dashed line), and the loss comes back. Above about twice the critical learning rate, training diverges. On the way the gradients of the network align with those of the target; in a network this small they also do so below the critical learning rate.",
  panels,
  knobs: [
    {
      id: "rate",
      label: "learning rate / critical learning rate",
      least: 0.3,
      most: 2.4,
      value: 1.5,
    },
    { id: "width", label: "neurons", least: 16, most: 512, value: 256, isLog: true },
  ],
  begin: ({ rate = 1.5, width = 256 }) => {
    const seed = Seed.root("a catapult")
    const features = new Float64Array(samples * inputs)
    RandomStream.make(seed.child("features")).fillNormal(features)
    const targets = Float64Array.from({ length: samples }, (_, i) =>
      Math.sign(features[inputs * i]! * features[inputs * i + 1]!),
    )
    const architecture = ntkArchitecture({ widths: [inputs, Math.round(width)] })
    const descent = descentOf(
      ntkNetwork({ architecture, features }),
      meanSquared(targets),
      normalStart(architecture, seed.child("start")),
    )
    // a network of its own: what the descent has computed for its next step stays as it is
    const beside = ntkNetwork({ architecture, features })
    const target = Agop.ofProduct(2, inputs)
    descent.evaluate()
    const learningRate = rate * descent.criticalRate()
    const losses: Array<Point> = []
    const kernels: Array<Point> = []
    const alignments: Array<Point> = []
    let step = 0
    let isLost = false
    return {
      advance: () => {
        const loss = descent.evaluate()
        isLost = !(loss < 1e12)
        if (isLost) return false
        losses.push([step, Elementary.log10(Math.max(loss, 1e-8))])
        kernels.push([step, learningRate / descent.criticalRate()])
        const looked = Agop.agop(beside, descent.parameters())
        alignments.push([step, Agop.alignment(looked, target)])
        descent.move(learningRate)
        step++
        return step < longest
      },
      tell: () => {
        if (isLost) return `Diverged at step ${step}.`
        const [, now] = losses.at(-1) ?? [0, 0]
        const peak = losses.reduce((most, [, loss]) => Math.max(most, loss), -8)
        return `Step ${step}: loss ${significant(Elementary.pow(10, now))}, at most ${significant(Elementary.pow(10, peak))} on the way; learning rate over the critical one now ${significant(kernels.at(-1)?.[1] ?? rate)}; alignment ${significant(alignments[0]?.[1] ?? 0)} at the start and ${significant(alignments.at(-1)?.[1] ?? 0)} now.`
      },
      draw: (plot) => {
        const [first = whole, second = whole, third = whole] = plot.panels(panels)
        const loss = plot.axes({
          panel: first,
          box: { x: [0, longest], y: [-4, 4] },
          xTitle: "step",
          yTitle: "logarithm of the loss",
        })
        loss.line(losses, "series-1")
        const kernel = plot.axes({
          panel: second,
          box: { x: [0, longest], y: [0, 2.5] },
          xTitle: "step",
          yTitle: "learning rate over critical rate",
        })
        kernel.line(
          [
            [0, 1],
            [longest, 1],
          ],
          "muted",
          true,
        )
        kernel.line(kernels, "series-2")
        const alignment = plot.axes({
          panel: third,
          box: { x: [0, longest], y: [0, 1] },
          xTitle: "step",
          yTitle: "alignment with the target",
        })
        alignment.line(alignments, "series-3")
      },
    }
  },
}
