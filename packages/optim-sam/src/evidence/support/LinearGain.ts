import { Margin } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import { asam } from "@nonconvex/problems/Asam"
import type { Method } from "@nonconvex/problems/Method"
import type { Objective } from "@nonconvex/problems/Objective"
import { sam } from "@nonconvex/problems/Sam"
import { sgd } from "@nonconvex/problems/Sgd"
import * as Observe from "./Observe.ts"

export const base = sgd({ learningRate: 0 })

export const plainAscent = (radius: number): Method => sam({ radius, base })

export const relativeAscent = (radius: number): Method => asam({ radius, base, offset: 0 })

export const linearGain = { relative: 1e-9 }

/** The margin that a perturbation has length `radius` and gains `radius` times the dual norm of the gradient. */
export const maximiserMargin = (
  gradient: Float64Array,
  perturbation: Float64Array,
  lengths: { readonly radius: number; readonly length: number; readonly dual: number },
): Margin.Comparison =>
  Margin.all(
    Margin.equal(lengths.length, lengths.radius, linearGain),
    Margin.equal(Vector.dot(gradient, perturbation), lengths.radius * lengths.dual, linearGain),
  )

export const displacement = (method: Method, objective: Objective, start: Float64Array) =>
  Observe.perturbed(method, objective, start).map((w, i) => w - start[i]!)
