/** The app: seven systems as services over the capabilities of a program. */
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Catapults } from "@nonconvex/catapults/evidence"
import { DpLowrank } from "@nonconvex/dp-lowrank/evidence"
import * as PrivateMachine from "@nonconvex/dp-lowrank/node"
import { FlatMinima } from "@nonconvex/flat-minima/evidence"
import { LabelNoise } from "@nonconvex/label-noise/evidence"
import { MatrixFactorization } from "@nonconvex/matrix-factorization/evidence"
import { OptimSam } from "@nonconvex/optim-sam/evidence"
import { ReproducibleMinimax } from "@nonconvex/reproducible-minimax/evidence"
import type { System } from "@nonconvex/evidence/System"
import { Effect, Layer } from "effect"
import type { Capability } from "../cli/Capable.ts"

/** Every system, in the order of the report: one line a system. */
const services = [
  OptimSam,
  FlatMinima,
  LabelNoise,
  MatrixFactorization,
  DpLowrank,
  ReproducibleMinimax,
  Catapults,
] as const

type Seven = (typeof services)[number]["Identifier"]

/** All seven over kernels, data sets and computing power, and over the entropy and the ledgers of this machine. */
export const layer: Layer.Layer<Seven, never, Capability> = Layer.mergeAll(
  OptimSam.layer,
  FlatMinima.layer,
  LabelNoise.layer,
  MatrixFactorization.layer,
  DpLowrank.layer,
  ReproducibleMinimax.layer,
  Catapults.layer,
).pipe(Layer.provide(PrivateMachine.layer), Layer.provide(NodeServices.layer))

/** Systems of the lab. */
export const systems: Effect.Effect<ReadonlyArray<System>, never, Capability> = Effect.gen(
  function* () {
    const composed: Array<System> = []
    for (const service of services) composed.push((yield* service).system)
    return composed
  },
).pipe(Effect.provide(layer))
