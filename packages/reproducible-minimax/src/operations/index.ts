/** Reproducible solutions of your own games and quadratics: entry `@nonconvex/reproducible-minimax/operations`. */
export type { Posed } from "./PosedProblem.ts"
export { solve, type SolveAnswer } from "./SolveProblem.ts"
export { type ExactlySolved, solveExactly } from "./SolveExactly.ts"
export { system } from "./system.ts"
export { gameIn, minimisationIn, WrongShape } from "./TableProblem.ts"
