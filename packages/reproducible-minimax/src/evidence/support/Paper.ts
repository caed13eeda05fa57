import { statementsOf } from "@nonconvex/evidence"

/**
 * Statements of the paper with a constant or a hypothesis corrected, and recalled ones from the literature that it builds
 * on, whose text was not available.
 */
export const { corrected, derived, printed, recalled } = statementsOf(
  "Zhang, Yang, Karbasi, He 2023",
)
