/** Sensitivities of integer statistics to one row: the largest sum of the changes of their entries. Derived here. */
import type { Neighbours } from "../privacy/Target.ts"

/** Counts of classes of which every row is in exactly one: a replaced row leaves one class and enters another (claim statistics-of-neighbours). */
export const classesSensitivity = (neighbours: Neighbours): number =>
  neighbours === "replace" ? 2 : 1

/** A sum of integers from -half to half (claim statistics-of-neighbours). */
export const sumSensitivity = (neighbours: Neighbours, half: number): number =>
  neighbours === "replace" ? 2 * half : half

/**
 * Scores -|(q - p) #below - p #above| of values as quantiles p / q, by the numbers of rows below and above: one row more or less
 * changes a score by p or q - p at most, and a row that moves from below to above by their sum (claim quantile-of-neighbours).
 */
export const rankSensitivity = (neighbours: Neighbours, p: number, q: number): number =>
  neighbours === "replace" ? q : Math.max(p, q - p)
