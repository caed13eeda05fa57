import type { System } from "@nonconvex/evidence"
import { InvalidInput } from "@nonconvex/numerics/InvalidInput"
import * as Kernels from "@nonconvex/numerics/Kernels"
import * as Seam from "@nonconvex/numerics/Seam"
import type { Objective } from "@nonconvex/problems/Objective"
import type { Compute } from "@nonconvex/runner/Compute"
import { type Performed, performer } from "@nonconvex/runner/Operations"
import { Context, Effect, Layer } from "effect"
import { type Advice, advise } from "../advice/Advice.ts"
import { type Diagnosis, diagnoseNormalisation } from "../advice/Diagnosis.ts"
import { article } from "./Article.ts"
import { claims } from "./claims/index.ts"
import { errata } from "./errata/index.ts"
import { experiments } from "./experiments/index.ts"
import { predict } from "../operations/Predict.ts"
import { train } from "../operations/Train.ts"
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

/** The paper as a service: its operations use the kernels and the computing power of the program. */
export class OptimSam extends Context.Service<
  OptimSam,
  {
    readonly system: System
    /** Trains a network on data: a job. The observer sees each epoch. */
    readonly train: Performed<typeof train>
    /** The outputs of a trained network for rows: a job. */
    readonly predict: Performed<typeof predict>
    /** Stability, floor and radius at a point of your objective: see the function `advise`. */
    readonly advise: (
      objective: Objective,
      point: Float64Array,
      options: Parameters<typeof advise>[2],
    ) => Effect.Effect<Advice, InvalidInput>
    /** Paths of SAM and USAM from a checkpoint: see the function `diagnoseNormalisation`. */
    readonly diagnoseNormalisation: (
      objective: Objective,
      checkpoint: Float64Array,
      options: Parameters<typeof diagnoseNormalisation>[2],
    ) => Effect.Effect<Diagnosis, InvalidInput>
  }
>()("@nonconvex/optim-sam/OptimSam") {
  static readonly layer: Layer.Layer<OptimSam, never, Compute | Kernels.Current> = Layer.effect(
    OptimSam,
    Effect.gen(function* () {
      const perform = yield* performer(system)
      const kernels = yield* Kernels.Current
      return OptimSam.of({
        system,
        train: perform(train),
        predict: perform(predict),
        // an objective is a function, which crosses no thread
        advise: (objective, point, options) =>
          Seam.attempt([InvalidInput], () => advise(objective, point, { kernels, ...options })),
        diagnoseNormalisation: (objective, checkpoint, options) =>
          Seam.attempt([InvalidInput], () =>
            diagnoseNormalisation(objective, checkpoint, { kernels, ...options }),
          ),
      })
    }),
  )
}
