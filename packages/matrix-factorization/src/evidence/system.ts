import type { System } from "@nonconvex/evidence"
import { article } from "./Article.ts"
import { claims } from "./claims/index.ts"
import { errata } from "./errata/index.ts"
import { experiments } from "./experiments/index.ts"
import { system as catalogue } from "../operations/system.ts"

/** The paper as a system: its claims, its experiments, and its long work on data of the user's own. */
export const system: System = {
  id: "matrix-factorization",
  title: "Flatness as nuclear norm in deep matrix factorisation",
  paper: {
    title:
      "What is the Inductive Bias of Flatness Regularization? A Study of Deep Matrix Factorization Models",
    authors:
      "Khashayar Gatmiry, Zhiyuan Li, Ching-Yao Chuang, Sashank Reddi, Tengyu Ma, Stefanie Jegelka",
    venue: "NeurIPS",
    year: 2023,
    arxiv: "2306.13239",
    asks: "Is the flattest factorisation the simplest matrix, and does it predict?",
    answer: {
      text: "For isometric measurements it is nearly the matrix of least nuclear norm, at every depth tried, and flatter ones predict hidden entries of a table better.",
      rests: [
        "matrix-factorization/isotropic-lower-bound",
        "matrix-factorization/isometry-sandwich",
        "study-recovery-at-size",
        "study-flatness-on-a-table",
      ],
    },
    article,
  },
  package: "@nonconvex/matrix-factorization",
  version: "0.2.0",
  claims,
  errata,
  experiments,
  operations: catalogue.operations,
  module: import.meta.url,
}
