/** The Effect service: what the lab knows of the package, and the release that a ledger pays for. */
import type { System } from "@nonconvex/evidence"
import type { InvalidInput } from "@nonconvex/numerics/InvalidInput"
import { Context, Effect, Layer } from "effect"
import * as Ledger from "../ledger/Ledger.ts"
import type { LedgerError } from "../ledger/LedgerErrors.ts"
import { LedgerStorage } from "../ledger/LedgerStorage.ts"
import { Entropy } from "../noise/Entropy.ts"
import type { PrivateScatter } from "../release/PrivateScatter.ts"
import type { NoisyScatter } from "../release/Release.ts"
import { claims } from "./claims/index.ts"
import { errata } from "./errata/index.ts"
import { experiments } from "./experiments/index.ts"

/** The paper as a system: its claims, its errata and its experiments. */
export const system: System = {
  id: "dp-lowrank",
  title: "Private low-rank covariance",
  paper: {
    title:
      "Private Covariance Approximation and Eigenvalue-Gap Bounds for Complex Gaussian Perturbations",
    authors: "Oren Mangoubi, Nisheeth K. Vishnoi",
    venue: "COLT",
    year: 2023,
    arxiv: "2306.16648",
  },
  claims,
  errata,
  experiments,
  module: import.meta.url,
}

/** What the lab knows of this package, and the release. */
export class DpLowrank extends Context.Service<
  DpLowrank,
  System & {
    /** `Ledger.release`, with the entropy and the storage of the layer. */
    readonly release: (
      scatter: PrivateScatter,
      request: Ledger.Request,
    ) => Effect.Effect<NoisyScatter, LedgerError | InvalidInput>
  }
>()("@nonconvex/dp-lowrank/DpLowrank") {
  static readonly layer = Layer.effect(
    DpLowrank,
    Effect.map(Effect.context<Entropy | LedgerStorage>(), (context) => ({
      ...system,
      release: (scatter: PrivateScatter, request: Ledger.Request) =>
        Effect.provideContext(Ledger.release(scatter, request), context),
    })),
  )
}
