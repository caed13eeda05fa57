import type { System } from "@nonconvex/evidence"
import { FlatMinima } from "@nonconvex/flat-minima"
import { LabelNoise } from "@nonconvex/label-noise"
import { OptimSam } from "@nonconvex/optim-sam"
import { Context, Effect, Layer, type Scope } from "effect"
import { MatrixFactorization } from "@nonconvex/matrix-factorization"
import { DpLowrank } from "@nonconvex/dp-lowrank"
import { ReproducibleMinimax } from "@nonconvex/reproducible-minimax"
import { Catapults } from "@nonconvex/catapults"

const live = <Self, Service extends System>(
  service: Context.Key<Self, Service>,
  layer: Layer.Layer<Self>,
): Effect.Effect<System, never, Scope.Scope> => Effect.map(Layer.build(layer), Context.get(service))

/** Every system of the project, in the order of the report: one line a system. */
const systems: ReadonlyArray<Effect.Effect<System, never, Scope.Scope>> = [
  live(OptimSam, OptimSam.layer),
  live(FlatMinima, FlatMinima.layer),
  live(LabelNoise, LabelNoise.layer),
  live(MatrixFactorization, MatrixFactorization.layer),
  live(DpLowrank, DpLowrank.layer),
  live(ReproducibleMinimax, ReproducibleMinimax.layer),
  live(Catapults, Catapults.layer),
]

/** The systems that the lab works on. It sees nothing of them but `System`. */
export class Systems extends Context.Service<Systems, ReadonlyArray<System>>()(
  "@nonconvex/lab/Systems",
) {
  static readonly layer: Layer.Layer<Systems> = Layer.effect(Systems, Effect.all(systems))
}
