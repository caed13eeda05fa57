import { statementsOf } from "@nonconvex/evidence"

/**
 * Statements attributed to the paper, whose text was not available, each derived again; and statements about its setting
 * that this project proved.
 */
export const { derived, recalled } = statementsOf("Gatmiry, Li, Chuang, Reddi, Ma, Jegelka 2023")
