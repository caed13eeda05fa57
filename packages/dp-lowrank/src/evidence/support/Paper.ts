/** Sources of the statements. */
import type { Source } from "@nonconvex/evidence"

const paper = "Mangoubi, Vishnoi 2023"

const of =
  (from: string, basis: Source["basis"]) =>
  (statement: string): Source => ({ paper: from, statement, basis })

export const printed = of(paper, "as printed")

export const corrected = of(paper, "corrected")

export const derived = of(paper, "derived here")

/** Of no paper. */
export const ours = of("this project", "derived here")

export const recalled = (other: string, statement: string): Source =>
  of(other, "as recalled")(statement)
