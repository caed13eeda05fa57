import type { Source } from "@nonconvex/evidence"

const paper = "Ahn, Jadbabaie, Sra 2024"

/** A statement that the paper is believed to make; its displayed formulas were not at hand. */
export const recalled = (statement: string): Source => ({ paper, statement, basis: "as recalled" })

/** A statement about the paper's methods, or about ours, that was proved or checked in this project. */
export const derived = (statement: string): Source => ({ paper, statement, basis: "derived here" })
