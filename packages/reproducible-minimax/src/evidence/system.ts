import type { System } from "@nonconvex/evidence/System"
import type { Compute } from "@nonconvex/runner/Compute"
import { type Performed, performer } from "@nonconvex/runner/Operations"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { article } from "./Article.ts"
import { claims } from "./claims/index.ts"
import { errata } from "./errata/index.ts"
import { experiments } from "./experiments/index.ts"
import { solve } from "../operations/SolveProblem.ts"
import { solveExactly } from "../operations/SolveExactly.ts"
import { system as catalogue } from "../operations/system.ts"

/** The paper as a system: its claims, its errata, its experiments, and its operations on the user's own data. */
export const system: System = {
  id: "reproducible-minimax",
  title: "Reproducible convex and minimax optimisation",
  paper: {
    title:
      "Optimal Guarantees for Algorithmic Reproducibility and Gradient Complexity in Convex Optimization",
    authors: "Liang Zhang, Junchi Yang, Amin Karbasi, Niao He",
    venue: "NeurIPS",
    year: 2023,
    arxiv: "2310.17759",
    asks: "Must a fast solver give up agreement between runs?",
    answer: {
      text: "Not for convex problems: Algorithm 1 is faster than gradient descent and its runs agree. On games, simple methods do as well at these accuracies.",
      rests: [
        "reproducible-minimax/algorithm-1-inexact-start",
        "study-where-it-costs-nothing",
        "study-logistic-in-float32",
      ],
    },
    article,
  },
  package: "@nonconvex/reproducible-minimax",
  version: "0.2.0",
  claims,
  errata,
  experiments,
  operations: catalogue.operations,
  module: import.meta.url,
}

/** The system, and the solver whose answer does not depend on the machine. */
export class ReproducibleMinimax extends Context.Service<
  ReproducibleMinimax,
  {
    readonly system: System
    /** Solves a game, a quadratic or a least-squares problem that is given as data, as a job on the computing power of the program. */
    readonly solve: Performed<typeof solve>
    /** Solves a matrix game in fractions, as a job on the computing power of the program. */
    readonly solveExactly: Performed<typeof solveExactly>
  }
>()("@nonconvex/reproducible-minimax/ReproducibleMinimax") {
  static readonly layer: Layer.Layer<ReproducibleMinimax, never, Compute> = Layer.effect(
    ReproducibleMinimax,
    Effect.map(performer(system), (perform) => ({
      system,
      solve: perform(solve),
      solveExactly: perform(solveExactly),
    })),
  )
}
