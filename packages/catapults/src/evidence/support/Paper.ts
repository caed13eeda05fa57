import type { Source } from "@nonconvex/evidence"

const catapults = "Zhu, Liu, Radhakrishnan, Belkin 2024"
const quadratic = "Zhu, Liu, Radhakrishnan, Belkin 2022"

/** A statement that the paper is believed to make; its text was not at hand. */
export const recalled = (statement: string): Source => ({
  paper: catapults,
  statement,
  basis: "as recalled",
})

/** A statement about what the paper studies that was derived in this project. */
export const derived = (statement: string): Source => ({
  paper: catapults,
  statement,
  basis: "derived here",
})

/** A statement that the companion paper on quadratic models prints. */
export const printed = (statement: string): Source => ({
  paper: quadratic,
  statement,
  basis: "as printed",
})

/** A statement of the companion paper with its error mended. */
export const corrected = (statement: string): Source => ({
  paper: quadratic,
  statement,
  basis: "corrected",
})
