import { statementsOf } from "@nonconvex/evidence"

/**
 * Statements that the paper is believed to make: its displayed formulas were not available. Also statements proved or checked in
 * this project, about its methods or ours.
 */
export const { derived, recalled } = statementsOf("Ahn, Jadbabaie, Sra 2024")
