import type { System } from "@nonconvex/evidence"
import { InvalidInput } from "@nonconvex/numerics"
import { Context, Effect, Layer } from "effect"
import { claims, errata } from "./claims.ts"
import { experiments } from "./experiments.ts"
import { UnseenDirections } from "./Failures.ts"
import { flatten, type Flattened } from "./Flatten.ts"
import { flattestInterpolant, type FlattestInterpolant } from "./FlattestInterpolant.ts"
import { recover, type Recovery } from "./Recovery.ts"

/** The paper as a system. */
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
  },
  claims,
  errata,
  experiments,
  module: import.meta.url,
}

type Failure = InvalidInput | UnseenDirections

const checked = <A>(evaluate: () => A): Effect.Effect<A, Failure> =>
  Effect.suspend(() => {
    try {
      return Effect.succeed(evaluate())
    } catch (cause) {
      return cause instanceof InvalidInput || cause instanceof UnseenDirections
        ? Effect.fail(cause)
        : Effect.die(cause)
    }
  })

/** What the lab knows of this package, and the three questions a practitioner asks of it. */
export class MatrixFactorization extends Context.Service<
  MatrixFactorization,
  System & {
    /** See `flatten`: the same product with flatter layers. */
    readonly flatten: (
      ...parameters: Parameters<typeof flatten>
    ) => Effect.Effect<Flattened, Failure>
    /** See `recover`: a low-rank matrix from its measurements, with certificates. */
    readonly recover: (
      ...parameters: Parameters<typeof recover>
    ) => Effect.Effect<Recovery, Failure>
    /** See `flattestInterpolant`. */
    readonly flattestInterpolant: (
      ...parameters: Parameters<typeof flattestInterpolant>
    ) => Effect.Effect<FlattestInterpolant, Failure>
  }
>()("@nonconvex/matrix-factorization/MatrixFactorization") {
  static readonly layer = Layer.succeed(MatrixFactorization, {
    ...system,
    flatten: Effect.fn("MatrixFactorization.flatten")((...parameters: Parameters<typeof flatten>) =>
      checked(() => flatten(...parameters)),
    ),
    recover: Effect.fn("MatrixFactorization.recover")((...parameters: Parameters<typeof recover>) =>
      checked(() => recover(...parameters)),
    ),
    flattestInterpolant: Effect.fn("MatrixFactorization.flattestInterpolant")(
      (...parameters: Parameters<typeof flattestInterpolant>) =>
        checked(() => flattestInterpolant(...parameters)),
    ),
  })
}
