import { statementsOf } from "@nonconvex/evidence"

/** Statements that the paper is believed to make, its text not available, each derived again; and statements proved in this project about its setting. */
export const { derived, recalled } = statementsOf("Gatmiry, Li, Chuang, Reddi, Ma, Jegelka 2023")
