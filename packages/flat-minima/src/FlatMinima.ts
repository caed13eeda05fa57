import type { System } from "@nonconvex/evidence"
import { InvalidInput } from "@nonconvex/numerics"
import type { Objective } from "@nonconvex/problems"
import { Context, Effect, Layer } from "effect"
import { type Certificate, certify, type CertifyOptions } from "./Certificate.ts"
import { claims, errata } from "./claims.ts"
import { experiments } from "./experiments.ts"
import { HessianMismatch } from "./HessianCheck.ts"
import { limit, type Limit, type LimitOptions } from "./LimitMap.ts"
import { NoMinimumNearby } from "./Settle.ts"

/** The paper as a system: its claims and its experiments. */
export const system: System = {
  id: "flat-minima",
  title: "Flat minima by random perturbations",
  paper: {
    title: "How to Escape Sharp Minima with Random Perturbations",
    authors: "Kwangjun Ahn, Ali Jadbabaie, Suvrit Sra",
    venue: "ICML",
    year: 2024,
    arxiv: "2305.15659",
  },
  claims,
  errata,
  experiments,
  module: import.meta.url,
}

/** What `evaluate` throws of the given kinds, as a failure; anything else is a defect. */
const checked = <A, E>(
  evaluate: () => A,
  isExpected: (cause: unknown) => cause is E,
): Effect.Effect<A, E> =>
  Effect.suspend(() => {
    try {
      return Effect.succeed(evaluate())
    } catch (cause) {
      return isExpected(cause) ? Effect.fail(cause) : Effect.die(cause)
    }
  })

/** What the lab knows of this package, the certificate of a point and the limit of the gradient flow. */
export class FlatMinima extends Context.Service<
  FlatMinima,
  System & {
    /** See `certify`. */
    readonly certify: (
      objective: Objective,
      point: Float64Array,
      options: CertifyOptions,
    ) => Effect.Effect<Certificate, InvalidInput | HessianMismatch>
    /** See `LimitMap.limit`. */
    readonly limit: (
      objective: Objective,
      start: Float64Array,
      options?: LimitOptions,
    ) => Effect.Effect<Limit, InvalidInput | NoMinimumNearby>
  }
>()("@nonconvex/flat-minima/FlatMinima") {
  static readonly layer = Layer.succeed(FlatMinima, {
    ...system,
    certify: Effect.fn("FlatMinima.certify")(
      (objective: Objective, point: Float64Array, options: CertifyOptions) =>
        checked(
          () => certify(objective, point, options),
          (cause) => cause instanceof InvalidInput || cause instanceof HessianMismatch,
        ),
    ),
    limit: Effect.fn("FlatMinima.limit")(
      (objective: Objective, start: Float64Array, options?: LimitOptions) =>
        checked(
          () => limit(objective, start, options),
          (cause) => cause instanceof InvalidInput || cause instanceof NoMinimumNearby,
        ),
    ),
  })
}
