import { statementsOf } from "@nonconvex/evidence"

/** What the paper is believed to state, with constants that were derived here, its text not at hand; and what was proved in this project about its setting. */
export const { derived, recalled } = statementsOf("Gatmiry, Li, Reddi, Jegelka 2024")
