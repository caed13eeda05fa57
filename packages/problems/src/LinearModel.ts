import type { Described, FiniteSum } from "./Objective.ts"

/** A finite sum whose Hessian-vector products are exact, over all samples and over a batch. */
export type SmoothFiniteSum = FiniteSum &
  Described &
  Required<Pick<FiniteSum, "hessianVector" | "batchHessianVector">>
