/** Formulas with a wrong factor, which the controls of a law use in place of the right one. */
import type { Contraction } from "../../theory/Theory.ts"

/** `factor` times the formula. */
export const times =
  <Constants extends ReadonlyArray<number>>(
    factor: number,
    formula: (...constants: Constants) => number,
  ) =>
  (...constants: Constants): number =>
    factor * formula(...constants)

type Bound = (eta: number, rho: number, convexity: number, beta: number) => Contraction

/** The bound with half its floor. */
export const withHalfFloor =
  (bound: Bound): Bound =>
  (...constants) => {
    const { factor, floor } = bound(...constants)
    return { factor, floor: floor / 2 }
  }

/** The bound with its rate multiplied by `faster`. */
export const withRate =
  (faster: number, bound: Bound): Bound =>
  (...constants) => {
    const { factor, floor } = bound(...constants)
    return { factor: 1 - faster * (1 - factor), floor }
  }
