import type { System } from "@nonconvex/evidence"
import * as Seam from "@nonconvex/numerics/Seam"
import { InvalidInput } from "@nonconvex/numerics/InvalidInput"
import { Context, Layer } from "effect"
import { certify } from "../certificate/Certificate.ts"
import { claims } from "./claims/index.ts"
import { errata } from "./errata/index.ts"
import { experiments } from "./experiments/index.ts"
import { HessianMismatch } from "../certificate/HessianCheck.ts"
import { limit } from "../minima/LimitMap.ts"
import { NoMinimumNearby } from "../minima/Settle.ts"

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

/** What the lab knows of this package, the certificate of a point and the limit of the gradient flow. */
export class FlatMinima extends Context.Service<
  FlatMinima,
  System & {
    /** See `certify`. */
    readonly certify: Seam.Lifted<typeof certify, InvalidInput | HessianMismatch>
    /** See `LimitMap.limit`. */
    readonly limit: Seam.Lifted<typeof limit, InvalidInput | NoMinimumNearby>
  }
>()("@nonconvex/flat-minima/FlatMinima") {
  static readonly layer = Layer.succeed(FlatMinima, {
    ...system,
    certify: Seam.lift("FlatMinima.certify", [InvalidInput, HessianMismatch], certify),
    limit: Seam.lift("FlatMinima.limit", [InvalidInput, NoMinimumNearby], limit),
  })
}
