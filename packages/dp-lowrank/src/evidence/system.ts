import type { System } from "@nonconvex/evidence"
import { system as catalogue } from "../operations/system.ts"
import { article } from "./Article.ts"
import { claims } from "./claims/index.ts"
import { errata } from "./errata/index.ts"
import { experiments } from "./experiments/index.ts"

/** The paper as a system: claims, errata, experiments, and long computations on the user's own data. */
export const system: System = {
  id: "dp-lowrank",
  title: "Private low-rank covariance",
  paper: {
    title:
      "Private Covariance Approximation and Eigenvalue-Gap Bounds for Complex Gaussian Perturbations",
    authors: "Oren Mangoubi, Nisheeth K. Vishnoi",
    venue: "COLT",
    year: 2023,
    arxiv: "2306.16648",
    proceedings: { volume: "PMLR 195", pages: "1--66" },
    asks: "How near to the best rank-k matrix can a private covariance be?",
    answer: {
      text: "As near as Theorem 1 says up to constants, where its gap condition holds. Complex noise has no smaller error than real noise at the same privacy.",
      rests: [
        "dp-lowrank/complex-noise-does-not-help",
        "study-private-covariance",
        "study-complex-on-real-data",
      ],
    },
    article,
  },
  package: "@nonconvex/dp-lowrank",
  version: "0.2.0",
  claims,
  errata,
  experiments,
  operations: catalogue.operations,
  module: import.meta.url,
}
