import { statementsOf } from "@nonconvex/evidence"

/** What the paper is believed to state, its text not at hand; and what was derived in this project about what it studies. */
export const { derived, recalled } = statementsOf("Zhu, Liu, Radhakrishnan, Belkin 2024")

/** What the companion paper on quadratic models prints, and with its errors mended. */
export const { corrected, printed } = statementsOf("Zhu, Liu, Radhakrishnan, Belkin 2022")
