import type { System } from "@nonconvex/evidence"
import type { InvalidInput } from "@nonconvex/numerics/InvalidInput"
import { Compute } from "@nonconvex/runner/Compute"
import { operate, type OperationFault } from "@nonconvex/runner/Operations"
import { Context, Effect, Layer } from "effect"
import type { NotInterpolating } from "../network/Failures.ts"
import { claims } from "./claims/index.ts"
import { errata } from "./errata/index.ts"
import { experiments } from "./experiments/index.ts"
import { fit } from "./operations/Fit.ts"
import {
  type FlattenFailure,
  type FlattenInput,
  type Flattened,
  flatten,
} from "./operations/Flatten.ts"
import type { Fitting, NetworkInput } from "./operations/Network.ts"

/** The paper as a system: its claims, its experiments, and its long work on data of the user's own. */
export const system: System = {
  id: "label-noise",
  title: "The simplicity bias of label noise in two-layer networks",
  paper: {
    title: "Simplicity Bias via Global Convergence of Sharpness Minimization",
    authors: "Khashayar Gatmiry, Zhiyuan Li, Sashank J. Reddi, Stefanie Jegelka",
    venue: "ICML",
    year: 2024,
    arxiv: "2410.16401",
  },
  package: "@nonconvex/label-noise",
  version: "0.1.0",
  claims,
  errata,
  experiments,
  operations: [flatten, fit],
  module: import.meta.url,
}

/** The paper as a service: its evidence, and what a practitioner asks of it, done as jobs. */
export class LabelNoise extends Context.Service<
  LabelNoise,
  {
    readonly system: System
    /** The flattest network with the same function on its data, a certificate before and after, and label noise that leads there. */
    readonly flatten: (
      input: FlattenInput,
      onProgress?: (progress: Fitting) => void,
    ) => Effect.Effect<Flattened, FlattenFailure | OperationFault>
    /** The parameters, m x d, of a network that fits its labels, from `theta`: see `interpolate`. */
    readonly fit: (
      input: NetworkInput,
      onProgress?: (progress: Fitting) => void,
    ) => Effect.Effect<Float64Array, InvalidInput | NotInterpolating | OperationFault>
  }
>()("@nonconvex/label-noise/LabelNoise") {
  static readonly layer: Layer.Layer<LabelNoise, never, Compute> = Layer.effect(
    LabelNoise,
    Effect.map(Compute, (compute) =>
      LabelNoise.of({
        system,
        flatten: (input, onProgress) =>
          Effect.provideService(operate(system, flatten, input, onProgress), Compute, compute),
        fit: (input, onProgress) =>
          Effect.provideService(operate(system, fit, input, onProgress), Compute, compute),
      }),
    ),
  )
}
