/** Test for objectives that are estimated from random samples. */
import type { Objective, Stochastic } from "../Objective.ts"

/** Tests whether an objective changes from step to step. */
export const isStochastic = (objective: Objective): objective is Stochastic =>
  "advance" in objective
