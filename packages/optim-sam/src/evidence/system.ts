import type { System } from "@nonconvex/evidence"
import { article } from "./Article.ts"
import { claims } from "./claims/index.ts"
import { errata } from "./errata/index.ts"
import { experiments } from "./experiments/index.ts"
import { system as catalogue } from "../operations/system.ts"

/** The paper as a system: its claims, its errata, its experiments, and the training of a network. */
export const system: System = {
  id: "optim-sam",
  title: "The normalisation of sharpness-aware minimisation",
  paper: {
    title: "The Crucial Role of Normalization in Sharpness-Aware Minimization",
    authors: "Yan Dai, Kwangjun Ahn, Suvrit Sra",
    venue: "NeurIPS",
    year: 2023,
    arxiv: "2305.15287",
    proceedings: { volume: "36", pages: "67741--67770" },
    asks: "Why does SAM divide its step by the norm of the gradient?",
    answer: {
      text: "For stability: without the division USAM diverges where SAM stays, and stops where SAM goes on to flatter minima. That it makes SAM more accurate is undecided.",
      rests: [
        "optim-sam/usam-threshold",
        "optim-sam/factorisation-usam-diverges",
        "study-robustness",
      ],
    },
    article,
  },
  package: "@nonconvex/optim-sam",
  version: "0.2.0",
  claims,
  errata,
  experiments,
  operations: catalogue.operations,
  module: import.meta.url,
}
