import type { System } from "@nonconvex/evidence/System"
import { article } from "./Article.ts"
import { claims } from "./claims/index.ts"
import { errata } from "./errata/index.ts"
import { experiments } from "./experiments/index.ts"
import { system as catalogue } from "../operations/system.ts"

/** The paper as a system: its claims, its errata, its experiments, and its work on data of the user's own. */
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
    asks: "Must a fast solver give up that two runs agree?",
    answer: {
      text: "Not for convex problems: Algorithm 1 is faster than gradient descent and its runs agree. On games, simple methods do as well at these accuracies.",
      rests: ["reproducible-minimax/algorithm-1-inexact-start", "study-where-it-costs-nothing"],
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
