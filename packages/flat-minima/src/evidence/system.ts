import type { System } from "@nonconvex/evidence"
import { article } from "./Article.ts"
import { claims } from "./claims/index.ts"
import { errata } from "./errata/index.ts"
import { experiments } from "./experiments/index.ts"
import { system as catalogue } from "../operations/system.ts"

/** The paper as a system: its claims, its experiments and its long work. */
export const system: System = {
  id: "flat-minima",
  title: "Flat minima by random perturbations",
  paper: {
    title: "How to Escape Sharp Minima with Random Perturbations",
    authors: "Kwangjun Ahn, Ali Jadbabaie, Suvrit Sra",
    venue: "ICML",
    year: 2024,
    arxiv: "2305.15659",
    proceedings: { volume: "PMLR 235", pages: "597--618" },
    asks: "Which algorithm finds a flat minimum, and at what cost?",
    answer: {
      text: "Sharpness-aware perturbations leave a bad minimum for one that tests better than SGD's. Whether they beat random ones depends on the learning rate.",
      rests: [
        "flat-minima/trace-decrease",
        "study-from-a-bad-minimum-at-rates-of-their-own",
        "study-from-a-bad-minimum-at-half-the-rate",
      ],
    },
    article,
  },
  package: "@nonconvex/flat-minima",
  version: "0.2.0",
  claims,
  errata,
  experiments,
  operations: catalogue.operations,
  module: import.meta.url,
}
