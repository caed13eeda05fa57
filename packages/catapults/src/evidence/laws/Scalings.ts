/** What scaling the parameters, the inputs or the layers does to a run. */
import { Draw, law, Margin, parametrisedLaw } from "@nonconvex/evidence"
import * as TwoLayer from "../../theory/TwoLayer.ts"
import { runs, problemOf, isTame, scaled, tolerance } from "../support/MetamorphicRun.ts"
import { sized } from "../support/Expand.ts"
import { nearVector } from "../support/Near.ts"
import { derived } from "../support/Paper.ts"
import type { Subject } from "../support/Subject.ts"

export const homogeneity = parametrisedLaw({
  id: "catapults/homogeneity",
  statement:
    "On L layers without biases, parameters, labels and effective step scaled by tau, tau^L and tau^(2 - 2 L) scale every iterate by tau.",
  source: derived("homogeneity"),
  instances: sized([8, 6, 16], {
    depth: Draw.integer(2, 4),
    kappa: Draw.linear(0.5, 1.5),
    scale: Draw.linear(1.5, 0.6),
  }),
  margin: (subject: Subject, instance, given, stepPower) => {
    const { problem } = problemOf(subject, instance, given, instance.depth - 1)
    const { depth, scale: tau } = instance
    const one = subject(problem)
    if (!isTame(one.predictions)) return 1
    const other = subject({
      ...problem,
      start: scaled(problem.start, tau),
      targets: scaled(problem.targets, tau ** depth),
      step: problem.step * tau ** stepPower(depth),
    })
    return nearVector(other.parameters, scaled(one.parameters, tau), tolerance)
  },
  holds: (depth: number) => 2 - 2 * depth,
  fails: [
    ["the step not scaled", () => 0],
    {
      name: "biases of 1",
      subject: (subject) => (problem) =>
        subject({
          ...problem,
          features: problem.features.map((x, at) =>
            at % (problem.architecture.widths[0] ?? 1) === 0 ? 1 : x,
          ),
          targets: problem.targets.map((y) => y + 1),
        }),
    },
  ],
})

export const inputScale = parametrisedLaw({
  id: "catapults/input-scale",
  statement:
    "On two layers, inputs and labels scaled by s and the effective step by 1 / s^2 leave every iterate, and scale predictions by s.",
  source: derived("input scale"),
  instances: runs,
  margin: (subject: Subject, instance, given, power) => {
    const { problem } = problemOf(subject, instance, given)
    const s = instance.scale
    const one = subject(problem)
    if (!isTame(one.predictions)) return 1
    const other = subject({
      ...problem,
      features: scaled(problem.features, s),
      targets: scaled(problem.targets, s),
      step: problem.step * s ** power,
    })
    return Margin.all(
      nearVector(other.parameters, one.parameters, tolerance),
      nearVector(other.predictions, scaled(one.predictions, s), tolerance),
    )
  },
  holds: -2,
  fails: [["the step by 1 / s", -1]],
})

export const rebalancing = law({
  id: "catapults/layer-rebalancing",
  statement:
    "The first layer times tau and the second by tau leave every prediction, and change the tangent kernel: that of the second layer by tau^2, that of the first by tau^-2.",
  source: derived("layer rebalancing"),
  instances: runs,
  margin: (subject: Subject, instance, given) => {
    const { problem } = problemOf(subject, instance, given)
    const { inputs: d, scale: tau, width: m } = instance
    const still = { ...problem, steps: 0 }
    const one = subject(still)
    const split = m * d
    const start = problem.start.map((w, i) => (i < split ? w * tau : w / tau))
    const other = subject({ ...still, start })
    const second = TwoLayer.tangentKernel({
      inputs: d,
      width: m,
      features: problem.features,
      first: problem.start.subarray(0, split),
      second: new Float64Array(m),
    })
    return Margin.all(
      nearVector(other.predictions, one.predictions, tolerance),
      nearVector(
        other.kernel,
        second.map((part, at) => tau ** 2 * part + (one.kernel[at]! - part) / tau ** 2),
        tolerance,
      ),
    )
  },
  controls: [
    {
      name: "a kernel remembered by the predictions",
      subject: (subject) => {
        let known: { readonly first: number; readonly kernel: Float64Array } | undefined
        return (problem) => {
          const run = subject(problem)
          const first = run.predictions[0]!
          const isSame =
            known !== undefined &&
            Math.abs(known.first - first) < 1e-9 * Math.max(1, Math.abs(first))
          if (!isSame) known = { first, kernel: run.kernel }
          const { kernel } = known!
          return { ...run, kernel: kernel.length === run.kernel.length ? kernel : run.kernel }
        }
      },
    },
  ],
})
