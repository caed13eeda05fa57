import type { System } from "@nonconvex/evidence"
import type { Compute } from "@nonconvex/runner/Compute"
import { type Performed, performer } from "@nonconvex/runner/Operations"
import { Context, Effect, Layer } from "effect"
import { article } from "./Article.ts"
import { claims } from "./claims/index.ts"
import { errata } from "./errata/index.ts"
import { experiments } from "./experiments/index.ts"
import { fit } from "../operations/Fit.ts"
import { flatten } from "../operations/Flatten.ts"
import { system as catalogue } from "../operations/system.ts"

/** The paper as a system: its claims, its experiments, and its long operations on the user's own data. */
export const system: System = {
  id: "label-noise",
  title: "The simplicity bias of label noise in two-layer networks",
  paper: {
    title: "Simplicity Bias via Global Convergence of Sharpness Minimization",
    authors: "Khashayar Gatmiry, Zhiyuan Li, Sashank J. Reddi, Stefanie Jegelka",
    venue: "ICML",
    year: 2024,
    arxiv: "2410.16401",
    proceedings: { volume: "PMLR 235", pages: "15102--15129" },
    asks: "Does label noise lead SGD to the simplest network that fits?",
    answer: {
      text: "It leads to one feature in the number of steps that the flow predicts. That network is flat but seldom best: on images it mostly generalises worse.",
      rests: [
        "label-noise/flow-reaches-flat-limit",
        "study-steps-to-one-feature",
        "study-flat-limits",
      ],
    },
    article,
  },
  package: "@nonconvex/label-noise",
  version: "0.2.0",
  claims,
  errata,
  experiments,
  operations: catalogue.operations,
  module: import.meta.url,
}

/** The paper as a service: its evidence, and its operations as jobs. */
export class LabelNoise extends Context.Service<
  LabelNoise,
  {
    readonly system: System
    /**
     * The flattest network with the same function on its data, a certificate before and after, and label noise that leads to it.
     */
    readonly flatten: Performed<typeof flatten>
    /** Parameters, m x d, of a network that fits its labels, from `theta`; see `interpolate`. */
    readonly fit: Performed<typeof fit>
  }
>()("@nonconvex/label-noise/LabelNoise") {
  static readonly layer: Layer.Layer<LabelNoise, never, Compute> = Layer.effect(
    LabelNoise,
    Effect.map(performer(system), (perform) =>
      LabelNoise.of({ system, flatten: perform(flatten), fit: perform(fit) }),
    ),
  )
}
