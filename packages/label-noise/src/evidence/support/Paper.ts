import { statementsOf } from "@nonconvex/evidence"

/**
 * Statements that the paper is believed to make, with constants derived here, because its text was not available. Also
 * statements proved in this project about its setting.
 */
export const { derived, recalled } = statementsOf("Gatmiry, Li, Reddi, Jegelka 2024")
