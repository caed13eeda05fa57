import * as Require from "@nonconvex/numerics/Require"
import * as Vector from "@nonconvex/numerics/Vector"
import type * as Minibatch from "@nonconvex/problems/Minibatch"
import type { Method } from "@nonconvex/problems/Method"
import type { Update, UpdateState } from "@nonconvex/problems/Update"
import type { Perturbation } from "@nonconvex/problems/Perturbation"
import {
  initial,
  isUsable,
  requireBase,
  type SharpnessAwareState,
} from "@nonconvex/problems/SharpnessAware"

/**
 * The state of m-SAM. The losses and gradients are means over the batch. Several groups have no common perturbed point:
 * `perturbed` is then NaN, and so is the sharpness along it that `telemetry` computes.
 */
export interface GroupedState<
  Inner extends UpdateState = UpdateState,
> extends SharpnessAwareState<Inner> {
  readonly objective: Minibatch.Minibatch
  /** Views of the batch, which stay valid when it advances. */
  readonly groups: ReadonlyArray<Uint32Array>
  readonly groupGradient: Float64Array
}

const cut = (indices: Uint32Array, size: number): ReadonlyArray<Uint32Array> =>
  Array.from({ length: Math.ceil(indices.length / size) }, (_, g) =>
    indices.subarray(g * size, (g + 1) * size),
  )

/**
 * m-SAM splits the batch into groups of `size` consecutive samples, each with its own perturbation. The gradients at the
 * perturbed points are averaged with the group sizes as weights.
 *
 * The last group may be smaller. If `size` is at least the batch size, the step equals that of `sharpnessAware`. Throws
 * InvalidInput unless `size` is a positive integer; `init` throws it on a start of the wrong length. Source: Foret, Kleiner,
 * Mobahi, Neyshabur 2021, section 4.1, as recalled.
 *
 * @example
 * ```ts import.meta.vitest
 * import { grouped, Perturbation } from "@nonconvex/optim-sam"
 * import { leastSquares } from "@nonconvex/problems/LeastSquares"
 * import * as Minibatch from "@nonconvex/problems/Minibatch"
 * import { sgd } from "@nonconvex/problems/Sgd"
 *
 * const features = Float64Array.of(1, 2, 3, 4)
 * const sum = leastSquares({ features, dimension: 1, targets: new Float64Array(4) })
 * const method = grouped(Perturbation.normalised(0.05), sgd({ learningRate: 0.01 }), { size: 2 })
 * const state = method.init(Minibatch.fullBatch(sum), Float64Array.of(1))
 * method.step(state) // => 3.75
 * state.groups.length // => 2
 * ```
 */
export const grouped = <Inner extends UpdateState>(
  perturbation: Perturbation,
  base: Update<Inner>,
  options: { readonly size: number },
): Method<GroupedState<Inner>, Minibatch.Minibatch> => {
  const { size } = options
  requireBase("grouped", perturbation, base)
  Require.count("grouped", "size", size)
  return {
    name: `${perturbation.name} in groups of ${size} over ${base.name}`,
    init: (batch, start) => ({
      ...initial(batch, start, base),
      objective: batch,
      groups: cut(batch.indices, size),
      groupGradient: new Float64Array(start.length),
    }),
    step: (state) => {
      const { gradient, groupGradient, groups, perturbed, perturbedGradient, point } = state
      const radius = (state.radius = perturbation.radius(state.steps))
      const { indices, sum } = state.objective
      gradient.fill(0)
      perturbedGradient.fill(0)
      let loss = 0
      let lossAtPerturbed = 0
      for (let g = 0; g < groups.length; g++) {
        const group = groups[g]!
        const weight = group.length / indices.length
        loss += weight * sum.batchValueAndGradient(group, point, groupGradient)
        Vector.axpy(weight, groupGradient, gradient)
        if (radius > 0) {
          perturbation.perturb(radius, state.steps, point, groupGradient, perturbed)
          lossAtPerturbed += weight * sum.batchValueAndGradient(group, perturbed, groupGradient)
          Vector.axpy(weight, groupGradient, perturbedGradient)
        }
      }
      if (radius > 0 && groups.length > 1) perturbed.fill(Number.NaN)
      state.loss = loss
      state.lossAtPerturbed = radius > 0 ? lossAtPerturbed : loss
      const direction = radius > 0 ? perturbedGradient : gradient
      if (isUsable(loss, gradient) && isUsable(state.lossAtPerturbed, direction)) {
        state.before.set(point)
        base.apply(state.update, point, direction)
        state.steps++
      } else state.status = "diverged"
      return loss
    },
  }
}
