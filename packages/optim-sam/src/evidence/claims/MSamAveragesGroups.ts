import { claim, Kind, Margin } from "@nonconvex/evidence"
import type { Kernels } from "@nonconvex/numerics/Kernels"
import * as Vector from "@nonconvex/numerics/Vector"
import * as Minibatch from "@nonconvex/problems/Minibatch"
import type { FiniteSum } from "@nonconvex/problems/Objective"
import * as Perturbation from "@nonconvex/problems/Perturbation"
import { sam } from "@nonconvex/problems/Sam"
import { sgd } from "@nonconvex/problems/Sgd"
import { grouped } from "../../methods/MSam.ts"
import {
  agree,
  dataOf,
  type GroupedStep,
  groupedStep,
  groupsOf,
  learningRate,
  lossOver,
  range,
  startOf,
  step,
} from "../support/GroupedStep.ts"
import * as Observe from "../support/Observe.ts"
import { derived } from "../support/Paper.ts"

/**
 * Measurements of the second step of m-SAM. They are the loss and gradient of the whole batch before the step, and the mean
 * loss after the ascents of the groups.
 */
const measures = (instance: GroupedStep, whole: FiniteSum, kernels: Kernels): Margin.Comparison => {
  const { radius, size } = instance
  const method = grouped(Perturbation.normalised(radius), sgd({ learningRate }), { size })
  const state = method.init(Minibatch.fullBatch(whole), startOf(instance))
  method.step(state)
  const before = state.point.slice()
  method.step(state)
  const gradient = new Float64Array(before.length)
  const loss = whole.valueAndGradient(before, gradient)
  const data = dataOf(instance)
  const next = before.slice()
  const climbed = groupsOf(instance).reduce((sum, group) => {
    const own = lossOver(data, group, kernels)
    const ascent = sam({ radius, base: sgd({ learningRate: 0 }) })
    const end = Observe.perturbed(ascent, own, before)
    const share = group.length / instance.samples
    Vector.axpy(-learningRate * share, Observe.gradientAt(own, end), next)
    return sum + share * Observe.lossAt(own, end)
  }, 0)
  const tolerance = { absolute: 1e-12 * (1 + loss + climbed) }
  return Margin.all(
    Margin.equal(state.loss, loss, tolerance),
    Margin.equal(state.lossAtPerturbed, climbed, tolerance),
    agree(state.gradient, gradient),
    agree(state.point, next),
    Margin.holds(state.perturbed.every(Number.isNaN) === groupsOf(instance).length > 1),
  )
}

export const mSamAveragesGroups = claim({
  id: "optim-sam/m-sam-averages-groups",
  statement:
    "A step of m-SAM moves by the mean of the moves of SAM on each group of m samples, weighted by the number of samples.",
  inFloatingPoint: "agreement",
  source: Kind.identity(
    derived("Foret, Kleiner, Mobahi, Neyshabur 2021, section 4.1 (as recalled)"),
  ),
  instances: groupedStep,
  value: (group: number, _groups: number, samples: number) => group / samples,
  /** m-SAM from its definition: a SAM step for each group, and the weighted mean of the moves. */
  margin: ({ instance, kernels, value: weight }) => {
    const data = dataOf(instance)
    const start = startOf(instance)
    const groups = groupsOf(instance)
    const expected = start.slice()
    for (const group of groups) {
      const method = sam({ radius: instance.radius, base: sgd({ learningRate }) })
      const end = Observe.after(method, lossOver(data, group, kernels), start, 1)
      const share = weight(group.length, groups.length, instance.samples)
      for (let i = 0; i < start.length; i++) expected[i]! += share * (end[i]! - start[i]!)
    }
    const all = range(0, instance.samples)
    return Margin.all(
      agree(step(instance, all, kernels), expected),
      measures(instance, lossOver(data, all, kernels), kernels),
    )
  },
  controls: [
    { name: "the sum over groups", value: () => 1 },
    { name: "equal weights for unequal groups", value: (_, groups) => 1 / groups },
  ],
})
