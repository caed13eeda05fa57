import type { System } from "@nonconvex/evidence"
import * as Seam from "@nonconvex/numerics/Seam"
import { InvalidInput } from "@nonconvex/numerics/InvalidInput"
import { Context, Layer } from "effect"
import { advise } from "../advice/Advice.ts"
import { diagnoseNormalisation } from "../advice/Diagnosis.ts"
import { claims } from "./claims/index.ts"
import { errata } from "./errata/index.ts"
import { experiments } from "./experiments/index.ts"

/** The paper as a system: its claims, its errata and its experiments. */
export const system: System = {
  id: "optim-sam",
  title: "The normalisation of sharpness-aware minimisation",
  paper: {
    title: "The Crucial Role of Normalization in Sharpness-Aware Minimization",
    authors: "Yan Dai, Kwangjun Ahn, Suvrit Sra",
    venue: "NeurIPS",
    year: 2023,
    arxiv: "2305.15287",
  },
  claims,
  errata,
  experiments,
  module: import.meta.url,
}

/** What the lab knows of this package, and the two questions a practitioner asks of it. */
export class OptimSam extends Context.Service<
  OptimSam,
  System & {
    /** See `advise`: stability, floor and radius at a point. */
    readonly advise: Seam.Lifted<typeof advise, InvalidInput>
    /** See `diagnoseNormalisation`: what SAM and USAM do from a checkpoint. */
    readonly diagnoseNormalisation: Seam.Lifted<typeof diagnoseNormalisation, InvalidInput>
  }
>()("@nonconvex/optim-sam/OptimSam") {
  static readonly layer = Layer.succeed(OptimSam, {
    ...system,
    advise: Seam.lift("OptimSam.advise", [InvalidInput], advise),
    diagnoseNormalisation: Seam.lift(
      "OptimSam.diagnoseNormalisation",
      [InvalidInput],
      diagnoseNormalisation,
    ),
  })
}
