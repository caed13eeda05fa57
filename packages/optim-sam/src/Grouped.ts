import { Vector } from "@nonconvex/numerics"
import type { Method, Minibatch, Update, UpdateState } from "@nonconvex/problems"
import type { Perturbation } from "./Perturbation.ts"
import { initial, isUsable, type SharpnessAwareState } from "./SharpnessAware.ts"

/** The state of m-SAM. `perturbed` is the perturbed point of the last group; the gradients are means over the batch. */
export interface GroupedState<
  Inner extends UpdateState = UpdateState,
> extends SharpnessAwareState<Inner> {
  readonly batch: Minibatch.Minibatch
  readonly groupGradient: Float64Array
}

/**
 * m-SAM: the batch is cut into groups of `size` samples in their order, each with its own perturbation, and the gradients
 * at the perturbed points are averaged, weighted by the number of samples (Foret et al. 2021, section 4.1, as recalled).
 *
 * A last group may be smaller. With `size` at least the batch size this is the step of `sharpnessAware`.
 */
export const grouped = <Inner extends UpdateState>(
  perturbation: Perturbation,
  base: Update<Inner>,
  options: { readonly size: number },
): Method<GroupedState<Inner>, Minibatch.Minibatch> => ({
  name: `${perturbation.name} in groups of ${options.size} over ${base.name}`,
  init: (batch, start) => ({
    ...initial(batch, start, base),
    batch,
    groupGradient: new Float64Array(start.length),
  }),
  step: (state) => {
    const { batch, gradient, groupGradient, perturbed, perturbedGradient, point } = state
    const { indices, sum } = batch
    const radius = (state.radius = perturbation.radius(state.steps))
    gradient.fill(0)
    perturbedGradient.fill(0)
    let loss = 0
    let lossAtPerturbed = 0
    for (let from = 0; from < indices.length; from += options.size) {
      const group = indices.subarray(from, Math.min(indices.length, from + options.size))
      const weight = group.length / indices.length
      loss += weight * sum.batchValueAndGradient(group, point, groupGradient)
      Vector.axpy(weight, groupGradient, gradient)
      if (radius > 0) {
        perturbation.perturb(radius, state.steps, point, groupGradient, perturbed)
        lossAtPerturbed += weight * sum.batchValueAndGradient(group, perturbed, groupGradient)
        Vector.axpy(weight, groupGradient, perturbedGradient)
      }
    }
    state.loss = loss
    state.lossAtPerturbed = radius > 0 ? lossAtPerturbed : loss
    const direction = radius > 0 ? perturbedGradient : gradient
    if (!isUsable(loss + state.lossAtPerturbed, direction)) {
      state.status = "diverged"
      return loss
    }
    state.before.set(point)
    base.apply(state.update, point, direction)
    state.steps++
    return loss
  },
})
