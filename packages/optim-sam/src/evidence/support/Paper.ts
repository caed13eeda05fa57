import { statementsOf } from "@nonconvex/evidence"

/**
 * Statements that the paper is believed to make, its text not available, also corrected to the range where they are true; and statements proved in this
 * project about its methods.
 */
export const { corrected, derived, recalled } = statementsOf("Dai, Ahn, Sra 2023")
