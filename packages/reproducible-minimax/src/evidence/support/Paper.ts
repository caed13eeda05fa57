import type { Source } from "@nonconvex/evidence"

const paper = "Zhang, Yang, Karbasi, He 2023"

/** A statement of the paper with its constants, as its text has them. */
export const printed = (statement: string): Source => ({ paper, statement, basis: "as printed" })

/** A statement of the paper with a constant or a hypothesis mended. */
export const corrected = (statement: string): Source => ({ paper, statement, basis: "corrected" })

/** A statement about the paper's setting that was proved in this project. */
export const derived = (statement: string): Source => ({ paper, statement, basis: "derived here" })

/** A statement of the literature that the paper builds on, believed and tested, its text not at hand. */
export const recalled = (statement: string): Source => ({ paper, statement, basis: "as recalled" })
