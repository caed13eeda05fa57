import type { Source } from "@nonconvex/evidence"

const paper = "Gatmiry, Li, Chuang, Reddi, Ma, Jegelka 2023"

/** A statement that the paper is believed to make; its text was not at hand. Each was derived again. */
export const recalled = (statement: string): Source => ({ paper, statement, basis: "as recalled" })

/** A statement about the paper's setting that was proved in this project. */
export const derived = (statement: string): Source => ({ paper, statement, basis: "derived here" })
