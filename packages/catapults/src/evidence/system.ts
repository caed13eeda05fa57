import type { System } from "@nonconvex/evidence"
import type { Compute } from "@nonconvex/runner/Compute"
import { type Performed, performer } from "@nonconvex/runner/Operations"
import { Context, Effect, Layer } from "effect"
import { article } from "./Article.ts"
import { claims } from "./claims/index.ts"
import { errata } from "./errata/index.ts"
import { experiments } from "./experiments/index.ts"
import { descend } from "../operations/Descend.ts"
import { diagnose } from "../operations/Diagnose.ts"
import { system as catalogue } from "../operations/system.ts"

/** The paper as a system: claims, errata, experiments, and long computations on the user's own data. */
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
    proceedings: { volume: "PMLR 235", pages: "62476--62509" },
    asks: "Are the spikes of SGD catapults, and do they teach features?",
    answer: {
      text: "Most spikes are small and are not catapults; most of the tall ones are. Catapults lower the test loss, and a start with as small a kernel does so without one.",
      rests: [
        "catapults/spike-in-the-top-eigenspace",
        "study-spikes-in-eigenspace",
        "study-eigenspaces-of-spikes",
        "study-catapult-or-smaller-start",
      ],
    },
    article,
  },
  package: "@nonconvex/catapults",
  version: "0.2.0",
  claims,
  errata,
  experiments,
  operations: catalogue.operations,
  module: import.meta.url,
}

/** The paper as a service: its evidence, and its operations as jobs. */
export class Catapults extends Context.Service<
  Catapults,
  {
    readonly system: System
    /** A loss log, explained. */
    readonly diagnose: Performed<typeof diagnose>
    /** A network trained by gradient descent with forced catapults; fails with RunDiverged if it diverges. */
    readonly descend: Performed<typeof descend>
  }
>()("@nonconvex/catapults/Catapults") {
  static readonly layer: Layer.Layer<Catapults, never, Compute> = Layer.effect(
    Catapults,
    Effect.map(performer(system), (perform) =>
      Catapults.of({ system, diagnose: perform(diagnose), descend: perform(descend) }),
    ),
  )
}
