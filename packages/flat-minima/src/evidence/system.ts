import type { System } from "@nonconvex/evidence"
import { ArenaFull } from "@nonconvex/numerics/ArenaFull"
import { InvalidInput } from "@nonconvex/numerics/InvalidInput"
import * as Kernels from "@nonconvex/numerics/Kernels"
import * as Seam from "@nonconvex/numerics/Seam"
import type { Objective } from "@nonconvex/problems/Objective"
import type { Compute } from "@nonconvex/runner/Compute"
import { type Performed, performer } from "@nonconvex/runner/Operations"
import { Context, Effect, Layer } from "effect"
import { type Certificate, certify } from "../certificate/Certificate.ts"
import type { CertifyOptions } from "../certificate/CertifyOptions.ts"
import { HessianMismatch } from "../certificate/HessianCheck.ts"
import { article } from "./Article.ts"
import { claims } from "./claims/index.ts"
import { errata } from "./errata/index.ts"
import { experiments } from "./experiments/index.ts"
import { certifyLayers } from "../operations/CertifyLayers.ts"
import { certifyNetwork } from "../operations/CertifyNetwork.ts"
import { descend } from "../operations/DescendNetwork.ts"
import { certifyOracle } from "../operations/CertifyOracle.ts"
import { system as catalogue } from "../operations/system.ts"

/** The paper as a system: its claims, its experiments and its operations. */
export const system: System = {
  id: "flat-minima",
  title: "Flat minima by random perturbations",
  paper: {
    title: "How to Escape Sharp Minima with Random Perturbations",
    authors: "Kwangjun Ahn, Ali Jadbabaie, Suvrit Sra",
    venue: "ICML",
    year: 2024,
    arxiv: "2305.15659",
    proceedings: { volume: "PMLR 235", pages: "597--618" },
    asks: "Which algorithm finds a flat minimum, and at what cost?",
    answer: {
      text: "The sharpness-aware one, as the paper says, but by little: on 1,000 images its trace ends 4 % below SGD's and 2 % below that of random perturbations. SAM halves the trace.",
      rests: ["flat-minima/trace-decrease", "study-escape-from-a-bad-minimum"],
    },
    article,
  },
  package: "@nonconvex/flat-minima",
  version: "0.2.0",
  claims,
  errata,
  experiments,
  operations: catalogue.operations,
  module: import.meta.url,
}

/** The paper as a service: the system, and certificates with the kernels and workers of the program. */
export class FlatMinima extends Context.Service<
  FlatMinima,
  {
    readonly system: System
    /** The certificate of your own function; see `certify`. It runs on this thread: a function cannot be sent to another. */
    readonly certify: (
      objective: Objective,
      point: Float64Array,
      options: Omit<CertifyOptions, "kernels">,
    ) => Effect.Effect<Certificate, InvalidInput | HessianMismatch | ArenaFull>
    /** Descent from a network on data to a minimum, as a job. */
    readonly descend: Performed<typeof descend>
    /** The certificate of a network on data, as a job. */
    readonly certifyNetwork: Performed<typeof certifyNetwork>
    /** The curvature of a network on data, layer by layer, as a job. */
    readonly certifyLayers: Performed<typeof certifyLayers>
    /** The certificate of a loss that this thread evaluates for a job on another thread. */
    readonly certifyOracle: Performed<typeof certifyOracle>
  }
>()("@nonconvex/flat-minima/FlatMinima") {
  static readonly layer: Layer.Layer<FlatMinima, never, Kernels.Current | Compute> = Layer.effect(
    FlatMinima,
    Effect.gen(function* () {
      const kernels = yield* Kernels.Current
      const perform = yield* performer(system)
      return FlatMinima.of({
        system,
        certify: Effect.fn("FlatMinima.certify")((objective, point, options) =>
          Seam.attempt([InvalidInput, HessianMismatch, ArenaFull], () =>
            certify(objective, point, { ...options, kernels }),
          ),
        ),
        descend: perform(descend),
        certifyNetwork: perform(certifyNetwork),
        certifyLayers: perform(certifyLayers),
        certifyOracle: perform(certifyOracle),
      })
    }),
  )
}
