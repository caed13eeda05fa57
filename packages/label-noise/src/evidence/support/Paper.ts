import type { Source } from "@nonconvex/evidence"

const paper = "Gatmiry, Li, Reddi, Jegelka 2024"

/** A statement that the paper is believed to make, with constants that were derived here; its text was not at hand. */
export const recalled = (statement: string): Source => ({ paper, statement, basis: "as recalled" })

/** A statement about the paper's setting that was proved in this project. */
export const derived = (statement: string): Source => ({ paper, statement, basis: "derived here" })
