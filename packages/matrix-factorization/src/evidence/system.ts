import type { System } from "@nonconvex/evidence"
import type { Compute } from "@nonconvex/runner/Compute"
import { type OperationFault, type Performed, performer } from "@nonconvex/runner/Operations"
import { Context, Effect, Layer } from "effect"
import type { CompletedTable } from "../completion/MatrixCompletion.ts"
import type { Model } from "../completion/Models.ts"
import type { Table } from "../completion/Table.ts"
import type { Fit } from "../completion/TableFit.ts"
import { article } from "./Article.ts"
import { claims } from "./claims/index.ts"
import { errata } from "./errata/index.ts"
import { experiments } from "./experiments/index.ts"
import {
  complete,
  type CompleteFailure,
  type CompleteOptions,
  type CompleteProgress,
  fitTable,
} from "../operations/Complete.ts"
import { flatten } from "../operations/FlattenLayers.ts"
import { flattestInterpolant } from "../operations/FindFlattestInterpolant.ts"
import { recover } from "../operations/RecoverMatrix.ts"
import { system as catalogue } from "../operations/system.ts"

/** The paper as a system: its claims, its experiments, and its operations on the user's own data. */
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
    asks: "Is the flattest factorisation the simplest matrix, and does it predict?",
    answer: {
      text: "For isometric measurements it is nearly the matrix of least nuclear norm, at every depth tried, and flatter ones predict hidden entries of a table better.",
      rests: [
        "matrix-factorization/isotropic-lower-bound",
        "matrix-factorization/isometry-sandwich",
        "study-recovery-at-size",
        "study-flatness-on-a-table",
      ],
    },
    article,
  },
  package: "@nonconvex/matrix-factorization",
  version: "0.2.0",
  claims,
  errata,
  experiments,
  operations: catalogue.operations,
  module: import.meta.url,
}

/** The paper as a service: its evidence, and its operations as jobs. */
export class MatrixFactorization extends Context.Service<
  MatrixFactorization,
  {
    readonly system: System
    /** Completes a table, with a certificate and a held-out error: see `completeTable`. */
    readonly complete: (
      table: Table,
      options?: CompleteOptions,
      onProgress?: (progress: CompleteProgress) => void,
    ) => Effect.Effect<CompletedTable, CompleteFailure | OperationFault>
    /** One model fitted to a table, such as the best so far of an interrupted completion: see `fitTable`. */
    readonly fitTable: (
      table: Table,
      model: Model,
      options?: Pick<CompleteOptions, "seed">,
    ) => Effect.Effect<Fit, CompleteFailure | OperationFault>
    /** The same product with flatter layers: see `flatten`. */
    readonly flatten: Performed<typeof flatten>
    /** The matrix with given measurements whose layers are the flattest: see `flattestInterpolant`. */
    readonly flattestInterpolant: Performed<typeof flattestInterpolant>
    /** A low-rank matrix from its measurements, with certificates: see `recover`. */
    readonly recover: Performed<typeof recover>
  }
>()("@nonconvex/matrix-factorization/MatrixFactorization") {
  static readonly layer: Layer.Layer<MatrixFactorization, never, Compute> = Layer.effect(
    MatrixFactorization,
    Effect.map(performer(system), (perform) =>
      MatrixFactorization.of({
        system,
        complete: (table, options = {}, onProgress) =>
          perform(complete)({ table, ...options }, onProgress),
        fitTable: (table, model, options = {}) => perform(fitTable)({ table, model, ...options }),
        flatten: perform(flatten),
        flattestInterpolant: perform(flattestInterpolant),
        recover: perform(recover),
      }),
    ),
  )
}
