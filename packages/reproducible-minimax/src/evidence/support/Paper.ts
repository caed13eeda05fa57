import { statementsOf } from "@nonconvex/evidence"

/** Corrected is a constant or a hypothesis; what is recalled is of the literature that the paper builds on, its text not available. */
export const { corrected, derived, printed, recalled } = statementsOf(
  "Zhang, Yang, Karbasi, He 2023",
)
