import type { System } from "@nonconvex/evidence"
import * as Seam from "@nonconvex/numerics/Seam"
import { InvalidInput } from "@nonconvex/numerics/InvalidInput"
import { Context, Layer } from "effect"
import { claims } from "./claims/index.ts"
import { errata } from "./errata/index.ts"
import { experiments } from "./experiments/index.ts"
import { UnseenDirections } from "../measurements/UnseenDirections.ts"
import { flatten } from "../flatness/Flatten.ts"
import { flattestInterpolant } from "../flatness/FlattestInterpolant.ts"
import { recover } from "../recovery/Recovery.ts"

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

const failures = [InvalidInput, UnseenDirections] as const

type Failure = InstanceType<(typeof failures)[number]>

/** What the lab knows of this package, and the three questions a practitioner asks of it. */
export class MatrixFactorization extends Context.Service<
  MatrixFactorization,
  System & {
    /** See `flatten`: the same product with flatter layers. */
    readonly flatten: Seam.Lifted<typeof flatten, Failure>
    /** See `recover`: a low-rank matrix from its measurements, with certificates. */
    readonly recover: Seam.Lifted<typeof recover, Failure>
    /** See `flattestInterpolant`. */
    readonly flattestInterpolant: Seam.Lifted<typeof flattestInterpolant, Failure>
  }
>()("@nonconvex/matrix-factorization/MatrixFactorization") {
  static readonly layer = Layer.succeed(MatrixFactorization, {
    ...system,
    flatten: Seam.lift("MatrixFactorization.flatten", failures, flatten),
    recover: Seam.lift("MatrixFactorization.recover", failures, recover),
    flattestInterpolant: Seam.lift(
      "MatrixFactorization.flattestInterpolant",
      failures,
      flattestInterpolant,
    ),
  })
}
