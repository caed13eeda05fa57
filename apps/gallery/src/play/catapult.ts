/** Catapult: a learning rate above the critical one. */
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
import { numberText } from "./NumberText.ts"
import { shown } from "./ToyList.ts"
import { whole } from "./Plot.ts"
import type { Point } from "./Point.ts"
import type { Toy } from "./Toy.ts"

const samples = 24
const inputs = 4
const longest = 160
const panels = 3

export const catapult: Toy = {
  ...shown.catapult,
  seen: "The sharpness is the largest eigenvalue of the tangent kernel, and descent is stable while it is below 2 / learning rate (dashed). A larger learning rate makes the loss shoot up; then the sharpness falls below the line, and the loss comes down again. Meanwhile the gradients of the network align with those of the target.",
  tryThis:
    "Raise the learning rate to 2.3 times the critical one, at which the loss does not come back; then lower it below 1, where the alignment grows without a catapult.",
  panels,
  presets: [
    { label: "a catapult", values: { rate: 1.5, width: 256 } },
    { label: "below the edge", values: { rate: 0.8, width: 256 } },
    { label: "too far", values: { rate: 2.3, width: 256 } },
  ],
  knobs: [
    {
      id: "rate",
      label: "learning rate / critical one",
      least: 0.3,
      most: 2.4,
      value: 1.5,
    },
    {
      id: "width",
      label: "neurons",
      least: 16,
      most: 512,
      value: 256,
      isLog: true,
      isInteger: true,
    },
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
    const sharpness: Array<Point> = []
    const alignments: Array<Point> = []
    let step = 0
    let isLost = false
    return {
      advance: () => {
        const loss = descent.evaluate()
        isLost = !(loss < 1e12)
        if (isLost) return false
        losses.push([step, Elementary.log10(Math.max(loss, 1e-8))])
        sharpness.push([step, 2 / descent.criticalRate()])
        const looked = Agop.agop(beside, descent.parameters())
        alignments.push([step, Agop.alignment(looked, target)])
        descent.move(learningRate)
        step++
        return step < longest
      },
      pace: 1,
      tell: () => {
        const edge = 2 / learningRate
        if (isLost) {
          return `The loss diverged at step ${step}: the learning rate is ${numberText(rate)} times the critical one at the start.`
        }
        const [, now] = losses.at(-1) ?? [0, 0]
        const [, first] = losses[0] ?? [0, 0]
        const peak = losses.reduce((most, [, loss]) => Math.max(most, loss), -8)
        const [from, to] = [sharpness[0]?.[1] ?? 0, sharpness.at(-1)?.[1] ?? 0]
        const side = to < edge ? "below" : "above"
        const thrown =
          peak > first + Elementary.log10(2)
            ? `The loss rose ${numberText(Elementary.pow(10, peak - first))} times and is now ${numberText(Elementary.pow(10, now))}.`
            : `The loss never doubled and is now ${numberText(Elementary.pow(10, now))}.`
        return `Step ${step}. ${thrown} The sharpness went from ${numberText(from)} to ${numberText(to)}, ${side} 2 / learning rate = ${numberText(edge)}. The alignment went from ${numberText(alignments[0]?.[1] ?? 0)} to ${numberText(alignments.at(-1)?.[1] ?? 0)}.`
      },
      draw: (plot) => {
        const [first = whole, second = whole, third = whole] = plot.panels(panels)
        const edge = 2 / learningRate
        const loss = plot.axes({
          panel: first,
          box: { x: [0, longest], y: [-4.2, 4.2] },
          xTitle: "step",
          yTitle: "log₁₀ of the loss",
        })
        loss.line(losses, "series-1")
        const high = sharpness.reduce((most, [, value]) => Math.max(most, value), edge)
        const kernel = plot.axes({
          panel: second,
          box: { x: [0, longest], y: [0, 1.25 * high] },
          xTitle: "step",
          yTitle: "sharpness",
        })
        kernel.line(
          [
            [0, edge],
            [longest, edge],
          ],
          "muted",
          true,
        )
        kernel.line(sharpness, "series-2")
        kernel.labels([{ at: [0.45 * longest, edge], text: "2 / learning rate", colour: "muted" }])
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
