import type { System } from "@nonconvex/evidence"
import { Context, Layer } from "effect"
import { claims, errata } from "./claims.ts"
import { experiments } from "./experiments.ts"

/** The paper as a system: its claims, the errata and its experiments. */
export const system: System = {
  id: "catapults",
  title: "Catapults: spikes of the training loss, and what they teach",
  paper: {
    title:
      "Catapults in SGD: spikes in the training loss and their impact on generalization through feature learning",
    authors: "Libin Zhu, Chaoyue Liu, Adityanarayanan Radhakrishnan, Mikhail Belkin",
    venue: "ICML",
    year: 2024,
    arxiv: "2306.04815",
  },
  claims,
  errata,
  experiments,
  module: import.meta.url,
}

/** What the lab knows of this package. */
export class Catapults extends Context.Service<Catapults, System>()(
  "@nonconvex/catapults/Catapults",
) {
  static readonly layer = Layer.succeed(Catapults, system)
}
