/** Sources of the statements. */
import type { Source } from "@nonconvex/evidence"

const paper = "Mangoubi, Vishnoi 2023"

export const printed = (statement: string): Source => ({ paper, statement, basis: "as printed" })

export const corrected = (statement: string): Source => ({ paper, statement, basis: "corrected" })

export const derived = (statement: string): Source => ({
  paper,
  statement,
  basis: "derived here",
})

export const recalled = (of: string, statement: string): Source => ({
  paper: of,
  statement,
  basis: "as recalled",
})
