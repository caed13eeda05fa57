import type { FiniteSum, Method, MethodState } from "@nonconvex/problems"
import { type SharpnessAwareOptions, sharpnessAwarePerturbation } from "../SharpnessAware.ts"
import { type SmoothedOptions, smoothedPerturbation } from "../Smoothed.ts"

/** The two algorithms that the laws are about. */
export interface Subject {
  readonly smoothed: (options: SmoothedOptions) => Method
  readonly sharpnessAware: (options: SharpnessAwareOptions) => Method<MethodState, FiniteSum>
}

/** Those of this package. */
export const flatMinima: Subject = {
  smoothed: smoothedPerturbation,
  sharpnessAware: sharpnessAwarePerturbation,
}
