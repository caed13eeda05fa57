/** Subject of the laws of this package: any implementation of SAM and USAM over plain gradient descent. */
import * as Vector from "@nonconvex/numerics/Vector"
import type { Method, MethodState } from "@nonconvex/problems/Method"
import type { Objective } from "@nonconvex/problems/Objective"
import { sgd } from "@nonconvex/problems/Sgd"
import { sam } from "@nonconvex/problems/Sam"
import { usam } from "@nonconvex/problems/Usam"

export interface Subject {
  readonly sam: (radius: number, learningRate: number) => Method
  readonly usam: (radius: number, learningRate: number) => Method
}

/** The implementation of this package. */
export const optimSam: Subject = {
  sam: (radius, learningRate) => sam({ radius, base: sgd({ learningRate }) }),
  usam: (radius, learningRate) => usam({ radius, base: sgd({ learningRate }) }),
}

/** The control of most laws: SAM with its normalisation removed. */
export const withoutNormalisation = (subject: Subject): Subject => ({
  ...subject,
  sam: subject.usam,
})

/** The control of laws about USAM: a normalisation where there should be none. */
export const normalisedUsam = (subject: Subject): Subject => ({ ...subject, usam: subject.sam })

/** The control that SAM is more than gradient descent. */
export const withoutPerturbation = (subject: Subject): Subject => ({
  ...subject,
  sam: (_radius, learningRate) => subject.sam(0, learningRate),
})

/** Replaces both methods by `make`. */
export const replacedBy = (make: Subject["sam"]) => (): Subject => ({ sam: make, usam: make })

/** Flawed method for controls: `perturb` returns the point of the second gradient, and may overwrite its argument. */
export const stepping =
  (
    perturb: (point: Float64Array, gradient: Float64Array, radius: number) => Float64Array,
    restore: (point: Float64Array, gradient: Float64Array, radius: number) => void = () => {
      // nothing was overwritten
    },
  ): Subject["sam"] =>
  (radius, learningRate) => ({
    name: "control",
    init: (objective: Objective, start: Float64Array) => ({
      objective,
      point: start.slice(),
      steps: 0,
      status: "running" as const,
    }),
    step: (state: MethodState & { readonly objective: Objective }) => {
      const { objective, point } = state
      const gradient = new Float64Array(point.length)
      const second = new Float64Array(point.length)
      const loss = objective.valueAndGradient(point, gradient)
      objective.valueAndGradient(perturb(point, gradient, radius), second)
      restore(point, gradient, radius)
      Vector.axpy(-learningRate, second, point)
      state.steps++
      return loss
    },
  })
