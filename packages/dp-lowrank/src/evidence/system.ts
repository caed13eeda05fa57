/** The Effect service: what the lab knows of the package, and the release that pays before it draws. */
import type { System } from "@nonconvex/evidence"
import * as Seam from "@nonconvex/numerics/Seam"
import { InvalidInput } from "@nonconvex/numerics/InvalidInput"
import { Context, Effect, type FileSystem, Layer, type Path } from "effect"
import { claims } from "./claims/index.ts"
import { errata } from "./errata/index.ts"
import { Entropy } from "../noise/Entropy.ts"
import { experiments } from "./experiments/index.ts"
import * as GridPlan from "../release/GridPlan.ts"
import * as Ledger from "../ledger/Ledger.ts"
import type { LedgerError } from "../ledger/LedgerErrors.ts"
import type { Mechanism } from "../noise/Mechanism.ts"
import type { PrivateScatter } from "../release/PrivateScatter.ts"
import * as Release from "../release/Release.ts"

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

export interface Request {
  readonly mechanism: Mechanism
  readonly account: Ledger.Account
  /** What the release is for, in the ledger. */
  readonly purpose: string
}

/** What the lab knows of this package, and the release. */
export class DpLowrank extends Context.Service<
  DpLowrank,
  System & {
    /**
     * Spends in the ledger, then draws the noise and releases. An interruption or a crash between the two leaves the spend recorded
     * and nothing released.
     */
    readonly release: (
      scatter: PrivateScatter,
      request: Request,
    ) => Effect.Effect<
      Release.NoisyScatter,
      LedgerError | InvalidInput,
      FileSystem.FileSystem | Path.Path
    >
  }
>()("@nonconvex/dp-lowrank/DpLowrank") {
  /** Needs an `Entropy`. */
  static readonly layerNoDeps = Layer.effect(
    DpLowrank,
    Effect.map(Entropy, (entropy) => ({
      ...system,
      release: Effect.fn("DpLowrank.release")(function* (
        scatter: PrivateScatter,
        { account, mechanism, purpose }: Request,
      ) {
        const plan = yield* Seam.attempt([InvalidInput], () =>
          GridPlan.make(mechanism, scatter.dimension),
        )
        // before the spend: a plan that does not fit the data must not cost anything
        yield* Seam.attempt([InvalidInput], () => Release.requireFit(scatter, plan))
        const permit = yield* Ledger.spend(account, plan, purpose)
        return Release.release(scatter, permit, entropy)
      }),
    })),
  )

  /** With the operating system's generator. */
  static readonly layer = Layer.provide(DpLowrank.layerNoDeps, Entropy.layer)
}
