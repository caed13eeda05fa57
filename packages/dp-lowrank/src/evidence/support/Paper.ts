/** Sources of the statements. */
import { type Source, statementsOf } from "@nonconvex/evidence"

export const { corrected, derived, printed } = statementsOf("Mangoubi, Vishnoi 2023")

/** Statements of this project only. */
export const ours = statementsOf("this project").derived

export const recalled = (other: string, statement: string): Source =>
  statementsOf(other).recalled(statement)
