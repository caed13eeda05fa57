import type { Catalogue } from "@nonconvex/problems/Operation"
import { solveExactly } from "./SolveExactly.ts"
import { solve } from "./SolveProblem.ts"

/** Catalogue of this package's operations for jobs. */
export const system: Catalogue = {
  id: "reproducible-minimax",
  package: "@nonconvex/reproducible-minimax",
  version: "0.2.0",
  operations: [solve, solveExactly],
  module: import.meta.url,
}
