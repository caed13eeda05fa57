/** Reproducible solutions of your own games and quadratics: entry `@nonconvex/reproducible-minimax/operations`. */
export { solve } from "./SolveProblem.ts"
export { solveExactly } from "./SolveExactly.ts"
export { system } from "./system.ts"
export { gameIn, minimisationIn, WrongShape } from "./TableProblem.ts"
