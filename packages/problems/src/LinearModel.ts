import type { Described, FiniteSum } from "./Objective.ts"

/** Finite sum with exact Hessian-vector products, over all samples and over a batch. */
export type SmoothFiniteSum = FiniteSum &
  Described &
  Required<Pick<FiniteSum, "hessianVector" | "batchHessianVector">>
