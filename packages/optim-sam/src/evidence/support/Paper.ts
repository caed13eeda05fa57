import { statementsOf } from "@nonconvex/evidence"

/** What the paper is believed to state, its text not at hand, also in the range where it is true; and what was proved in this project about its methods. */
export const { corrected, derived, recalled } = statementsOf("Dai, Ahn, Sra 2023")
