import { statementsOf } from "@nonconvex/evidence"

/**
 * Statements that the paper is believed to make, since its text was not available, some corrected to the range where they are
 * true. Also statements proved in this project about its methods.
 */
export const { corrected, derived, recalled } = statementsOf("Dai, Ahn, Sra 2023")
