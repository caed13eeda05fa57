import { statementsOf } from "@nonconvex/evidence"

/** What the paper is believed to state, its displayed formulas not at hand; and what was proved or checked in this project about its methods or ours. */
export const { derived, recalled } = statementsOf("Ahn, Jadbabaie, Sra 2024")
