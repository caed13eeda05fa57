import type { Source } from "@nonconvex/evidence"

const daiAhnSra = "Dai, Ahn, Sra 2023"

/** A statement that the paper is believed to make; its text was not at hand. */
export const recalled = (statement: string): Source => ({
  paper: daiAhnSra,
  statement,
  basis: "as recalled",
})

/** A statement that the paper is believed to make, in the range where it is true. */
export const corrected = (statement: string): Source => ({
  paper: daiAhnSra,
  statement,
  basis: "corrected",
})

/** A statement about the paper's methods that was proved in this project. */
export const derived = (statement: string): Source => ({
  paper: daiAhnSra,
  statement,
  basis: "derived here",
})
