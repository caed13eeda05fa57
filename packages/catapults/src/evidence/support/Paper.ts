import { statementsOf } from "@nonconvex/evidence"

/** Statements that the paper is believed to make, its text not available; and statements derived in this project. */
export const { derived, recalled } = statementsOf("Zhu, Liu, Radhakrishnan, Belkin 2024")

/** Statements that the companion paper on quadratic models prints, as printed and corrected. */
export const { corrected, printed } = statementsOf("Zhu, Liu, Radhakrishnan, Belkin 2022")
