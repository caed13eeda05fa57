/** The operations as jobs: they compute with the given kernels, and what the functions throw arrives as typed failures. */
import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Datasets } from "@nonconvex/datasets"
import { InvalidInput, Kernels, Seed } from "@nonconvex/numerics"
import * as SymmetricEigen from "@nonconvex/numerics/SymmetricEigen"
import { network } from "@nonconvex/problems"
import * as Architecture from "@nonconvex/problems/network/Architecture"
import * as Loss from "@nonconvex/problems/network/Loss"
import * as Initialisation from "@nonconvex/problems/network/Initialisation"
import { Compute, operate } from "@nonconvex/runner"
import * as Inline from "@nonconvex/runner/Inline"
import { JobCrashed } from "@nonconvex/runner/JobFailure"
import { Effect, Layer } from "effect"
import { certify } from "../../src/certificate/Certificate.ts"
import { certifyLayers, certifyNetwork, descend } from "../../src/operations/index.ts"
import { NoMinimumNearby } from "../../src/minima/Settle.ts"
import { LossOverflows, type NetworkOnData } from "../../src/operations/NetworkOnData.ts"
import { system } from "../../src/evidence/system.ts"

const seed = Seed.root(1)
const options = { lossTolerance: 0.01, seed }

const data = Layer.provide(Datasets.layer, NodeServices.layer)
const layer = Layer.provide(Inline.layer, Layer.merge(Kernels.layerStrict, data))

const widths = [3, 6, 1]
const architecture = Architecture.make({ widths, activation: "relu" })
const features = Float64Array.from({ length: 12 }, (_, i) => Math.sin(3 * i))
const targets = Float64Array.from({ length: 4 }, (_, i) => Math.cos(i))
const trained: NetworkOnData = {
  shape: { _tag: "FullyConnected", widths, activation: "relu" },
  parameters: Initialisation.he(architecture, seed),
  features,
  targets,
  seed: 1,
}

describe("networks", () => {
  const question = { ...trained, lossTolerance: 0.01 }
  /** tanh: of the ReLU network the curvature at the start says too little of the way down. */
  const bent = { _tag: "FullyConnected", widths, activation: "tanh" } as const
  const smooth = { ...trained, shape: bent, gradients: 100_000, tolerance: 1e-8 }

  it.effect("are certified as by the plain function, bit for bit", () =>
    Effect.gen(function* () {
      const { certificate, density } = yield* operate(system, certifyNetwork, question)
      const objective = network({
        features,
        dimension: 3,
        architecture,
        loss: Loss.squared(targets),
      })
      assert.deepStrictEqual(
        certificate,
        certify(objective, trained.parameters, { ...options, seed: seed.child("certify") }),
      )
      assert.closeTo(
        density.reduce((sum, { weight }) => sum + weight, 0),
        1,
        1e-12,
      )
    }).pipe(Effect.provide(layer)),
  )

  it.effect("are described layer by layer, exactly where they are piecewise linear", () =>
    Effect.gen(function* () {
      const h = new Float64Array(architecture.dimension ** 2)
      const objective = network({
        features,
        dimension: 3,
        architecture,
        loss: Loss.squared(targets),
      })
      const unit = new Float64Array(architecture.dimension)
      for (let i = 0; i < unit.length; i++) {
        unit.fill(0)
        unit[i] = 1
        objective.hessianVector(
          trained.parameters,
          unit,
          h.subarray(i * unit.length, (i + 1) * unit.length),
        )
      }
      const layers = yield* operate(system, certifyLayers, trained)
      assert.deepStrictEqual(
        layers.map(({ parameters }) => parameters),
        [24, 7],
      )
      for (const [k, { begin, end }] of architecture.parts.entries()) {
        const size = end - begin
        const block = Float64Array.from(
          { length: size * size },
          (_, i) => h[(begin + Math.floor(i / size)) * unit.length + begin + (i % size)]!,
        )
        const values = SymmetricEigen.eigenvalues(block, size)
        const { residual, topEigenvalue, trace } = layers[k]!
        assert.strictEqual(trace.standardError, 0)
        assert.closeTo(
          trace.estimate,
          values.reduce((sum, value) => sum + value, 0),
          1e-12,
        )
        assert.isAtMost(Math.abs(Math.max(...values) - topEigenvalue), residual + 1e-12)
      }
    }).pipe(Effect.provide(layer)),
  )

  it.effect("are taken to their minimum, and it is said how far they are", () =>
    Effect.gen(function* () {
      const norms: Array<number> = []
      const { end, parameters } = yield* operate(system, descend, smooth)
      assert.strictEqual(end, "minimum")
      // what a job passes on of it depends on the clock
      const { run } = descend
      const alone = run(smooth, {
        kernels: Kernels.strict(),
        report: ({ gradientNorm }) => norms.push(gradientNorm),
      })
      assert.deepStrictEqual(parameters, alone.parameters)
      const { certificate } = yield* operate(system, certifyNetwork, {
        ...question,
        shape: bent,
        parameters,
      })
      assert.isAtMost(certificate.gradientNorm, 1e-8)
      assert.isAbove(norms.length, 1)
      assert.strictEqual(norms.at(-1), certificate.gradientNorm)
    }).pipe(Effect.provide(layer)),
  )

  it.effect("fail with what is wrong, typed across the job", () =>
    Effect.gen(function* () {
      const near = yield* Effect.flip(operate(system, descend, { ...smooth, gradients: 2 }))
      assert.instanceOf(near, NoMinimumNearby)
      assert.isAbove(near.gradientNorm, 1e-8)
      const parameters = trained.parameters.map(() => 1e200)
      const below = operate(system, descend, { ...smooth, shape: trained.shape, parameters })
      assert.instanceOf(yield* Effect.flip(below), LossOverflows)
      const at = operate(system, certifyNetwork, { ...question, parameters })
      assert.instanceOf(yield* Effect.flip(at), LossOverflows)
      const short = { ...question, parameters: trained.parameters.slice(1) }
      assert.instanceOf(yield* Effect.flip(operate(system, certifyNetwork, short)), InvalidInput)
    }).pipe(Effect.provide(layer)),
  )

  it.effect("are jobs of the computing power of the program", () => {
    const asked: Array<readonly [string, string]> = []
    const refusing = Layer.succeed(Compute, {
      name: "nowhere",
      size: 1,
      perform: ({ id }, job) => {
        asked.push([id, job.id])
        return Effect.fail(new JobCrashed({ job: job.id, reason: "refused" }))
      },
    })
    return Effect.gen(function* () {
      assert.instanceOf(yield* Effect.flip(operate(system, descend, smooth)), JobCrashed)
      assert.instanceOf(yield* Effect.flip(operate(system, certifyNetwork, question)), JobCrashed)
      assert.deepStrictEqual(asked, [
        ["flat-minima", "flat-minima/descend"],
        ["flat-minima", "flat-minima/certify-network"],
      ])
    }).pipe(Effect.provide(refusing))
  })
})
