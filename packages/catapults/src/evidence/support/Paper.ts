import { statementsOf } from "@nonconvex/evidence"

/** Statements that the paper is believed to make, its text not available; and statements derived in this project. */
export const { derived, recalled } = statementsOf("Zhu, Liu, Radhakrishnan, Belkin 2024")

/** Statements of the companion paper on quadratic models, as in a machine conversion of its text, and corrected. */
export const { corrected, recalled: converted } = statementsOf(
  "Zhu, Liu, Radhakrishnan, Belkin 2022",
)
