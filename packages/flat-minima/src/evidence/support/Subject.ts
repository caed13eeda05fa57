import type { FiniteSum } from "@nonconvex/problems/Objective"
import type { Method, MethodState } from "@nonconvex/problems/Method"
import {
  type SharpnessAwareOptions,
  sharpnessAwarePerturbation,
} from "../../perturbation/SharpnessAwarePerturbation.ts"
import {
  type SmoothedOptions,
  smoothedPerturbation,
} from "../../perturbation/SmoothedPerturbation.ts"

/** The two algorithms that the laws test. */
export interface Subject {
  readonly smoothed: (options: SmoothedOptions) => Method
  readonly sharpnessAware: (options: SharpnessAwareOptions) => Method<MethodState, FiniteSum>
}

/** The implementations of this package. */
export const flatMinima: Subject = {
  smoothed: (options) => smoothedPerturbation(options),
  sharpnessAware: (options) => sharpnessAwarePerturbation(options),
}
