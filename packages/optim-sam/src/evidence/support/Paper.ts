import { statementsOf } from "@nonconvex/evidence"

/**
 * Statements attributed to the paper, whose text was not available; some are corrected to the range in which they are true.
 * Also statements about its methods that this project proved.
 */
export const { corrected, derived, recalled } = statementsOf("Dai, Ahn, Sra 2023")
