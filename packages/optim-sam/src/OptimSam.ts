import type { System } from "@nonconvex/evidence"
import { InvalidInput } from "@nonconvex/numerics"
import type { Objective } from "@nonconvex/problems"
import { Context, Effect, Layer } from "effect"
import { type Advice, advise } from "./Advice.ts"
import { claims, errata } from "./claims.ts"
import { type Diagnosis, diagnoseNormalisation } from "./Diagnosis.ts"
import { experiments } from "./experiments.ts"

/** The paper as a system: its claims, its erratum and its experiments. */
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

const checked = <A>(evaluate: () => A): Effect.Effect<A, InvalidInput> =>
  Effect.suspend(() => {
    try {
      return Effect.succeed(evaluate())
    } catch (cause) {
      return cause instanceof InvalidInput ? Effect.fail(cause) : Effect.die(cause)
    }
  })

/** What the lab knows of this package, and the two questions a practitioner asks of it. */
export class OptimSam extends Context.Service<
  OptimSam,
  System & {
    /** See `advise`: stability, floor and radius at a point. */
    readonly advise: (
      ...parameters: Parameters<typeof advise>
    ) => Effect.Effect<Advice, InvalidInput>
    /** See `diagnoseNormalisation`: what SAM and USAM do from a checkpoint. */
    readonly diagnoseNormalisation: (
      objective: Objective,
      checkpoint: Float64Array,
      options: Parameters<typeof diagnoseNormalisation>[2],
    ) => Effect.Effect<Diagnosis, InvalidInput>
  }
>()("@nonconvex/optim-sam/OptimSam") {
  static readonly layer = Layer.succeed(OptimSam, {
    ...system,
    advise: Effect.fn("OptimSam.advise")((...parameters: Parameters<typeof advise>) =>
      checked(() => advise(...parameters)),
    ),
    diagnoseNormalisation: Effect.fn("OptimSam.diagnoseNormalisation")(
      (...parameters: Parameters<typeof diagnoseNormalisation>) =>
        checked(() => diagnoseNormalisation(...parameters)),
    ),
  })
}
