import { statementsOf } from "@nonconvex/evidence"

/** What the paper is believed to state, its text not at hand, each derived again; and what was proved in this project about its setting. */
export const { derived, recalled } = statementsOf("Gatmiry, Li, Chuang, Reddi, Ma, Jegelka 2023")
