/** The service: it computes with what its Layer requires, and errors of the functions arrive as typed failures. */
import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Datasets } from "@nonconvex/datasets"
import { InvalidInput, Kernels, Seed } from "@nonconvex/numerics"
import * as SymmetricEigen from "@nonconvex/numerics/SymmetricEigen"
import { network, type Objective } from "@nonconvex/problems"
import * as Architecture from "@nonconvex/problems/network/Architecture"
import * as Loss from "@nonconvex/problems/network/Loss"
import * as Initialisation from "@nonconvex/problems/network/Initialisation"
import { Compute } from "@nonconvex/runner"
import * as Inline from "@nonconvex/runner/Inline"
import { JobCrashed } from "@nonconvex/runner/JobFailure"
import { Effect, Layer } from "effect"
import { certify } from "../../src/certificate/Certificate.ts"
import { HessianMismatch } from "../../src/certificate/HessianCheck.ts"
import { FlatMinima } from "../../src/evidence/index.ts"
import { descend } from "../../src/operations/DescendNetwork.ts"
import { quadraticModel } from "../../src/evidence/support/QuadraticModel.ts"
import { NoMinimumNearby } from "../../src/minima/Settle.ts"
import { scalarModel } from "../../src/problems/ScalarModel.ts"
import { LossOverflows, type NetworkOnData } from "../../src/operations/NetworkOnData.ts"
import { system } from "../../src/evidence/system.ts"

const seed = Seed.root(1)
const options = { lossTolerance: 0.01, seed }
const hyperbola = scalarModel()

const data = Layer.provide(Datasets.layer, NodeServices.layer)
const capabilities = Layer.provideMerge(Inline.layer, Layer.merge(Kernels.layerStrict, data))
const layer = Layer.provide(FlatMinima.layer, capabilities)

/** f = x, which has no minimum. */
const slope: Objective = {
  name: "slope",
  dimension: 1,
  constants: {},
  valueAndGradient: (x, gradient) => {
    gradient[0] = 1
    return x[0]!
  },
}

describe("certify", () => {
  it.effect("is the certificate of the plain function", () =>
    Effect.gen(function* () {
      const flatMinima = yield* FlatMinima
      const found = yield* flatMinima.certify(hyperbola, Float64Array.of(1, 1), options)
      assert.strictEqual(found.verdict, "flat")
      assert.deepStrictEqual(found, certify(hyperbola, Float64Array.of(1, 1), options))
    }).pipe(Effect.provide(layer)),
  )

  it.effect("fails where a product contradicts the gradient, and on a bad point", () =>
    Effect.gen(function* () {
      const flatMinima = yield* FlatMinima
      const wrong: Objective = {
        ...hyperbola,
        hessianVector: (x, v, out) => {
          hyperbola.hessianVector!(x, v, out)
          out[0]! *= 1.01
        },
      }
      const mismatch = yield* Effect.flip(flatMinima.certify(wrong, Float64Array.of(1, 1), options))
      assert.instanceOf(mismatch, HessianMismatch)
      assert.isAbove(mismatch.relativeError, 1e-3)
      const bad = yield* Effect.flip(
        flatMinima.certify(hyperbola, Float64Array.of(1, Infinity), options),
      )
      assert.instanceOf(bad, InvalidInput)
    }).pipe(Effect.provide(layer)),
  )

  it.effect("does not hide a defect", () =>
    Effect.gen(function* () {
      const flatMinima = yield* FlatMinima
      const broken: Objective = {
        ...slope,
        valueAndGradient: () => {
          throw new TypeError("broken")
        },
      }
      const exit = yield* Effect.exit(flatMinima.certify(broken, Float64Array.of(0), options))
      assert.strictEqual(exit._tag, "Failure")
      assert.match(String(exit._tag === "Failure" && exit.cause), /broken/)
    }).pipe(Effect.provide(layer)),
  )

  it.effect("computes with the kernels of the program", () => {
    const strict = Kernels.strict()
    let taken = 0
    const counting: Kernels.Kernels = {
      ...strict,
      withCapacity: (capacity) => {
        taken++
        return strict.withCapacity(capacity)
      },
    }
    const counted = Layer.mergeAll(
      Layer.succeed(Kernels.Current, counting),
      Layer.provide(Inline.layer, Layer.merge(Kernels.layerStrict, data)),
    )
    return Effect.gen(function* () {
      const flatMinima = yield* FlatMinima
      const model = quadraticModel({ dimension: 6, size: 2, seed })
      // beyond the dense dimension the factor lies in a memory of its own
      yield* flatMinima.certify(model, model.minimum, { ...options, dense: 5 })
      assert.strictEqual(taken, 1)
    }).pipe(Effect.provide(Layer.provide(FlatMinima.layer, counted)))
  })
})

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
  /** tanh, because for a ReLU network the curvature at the start predicts the descent poorly. */
  const bent = { _tag: "FullyConnected", widths, activation: "tanh" } as const
  const smooth = { ...trained, shape: bent, gradients: 100_000, tolerance: 1e-8 }

  it.effect("are certified as by the plain function, bit for bit", () =>
    Effect.gen(function* () {
      const flatMinima = yield* FlatMinima
      const { certificate, density } = yield* flatMinima.certifyNetwork(question)
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
      const flatMinima = yield* FlatMinima
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
      const layers = yield* flatMinima.certifyLayers(trained)
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
      const flatMinima = yield* FlatMinima
      const norms: Array<number> = []
      const { end, parameters } = yield* flatMinima.descend(smooth)
      assert.strictEqual(end, "minimum")
      // what a job passes on of it depends on the clock
      const { run } = descend
      const alone = run(smooth, {
        kernels: Kernels.strict(),
        report: ({ gradientNorm }) => norms.push(gradientNorm),
      })
      assert.deepStrictEqual(parameters, alone.parameters)
      const { certificate } = yield* flatMinima.certifyNetwork({
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
      const flatMinima = yield* FlatMinima
      const near = yield* Effect.flip(flatMinima.descend({ ...smooth, gradients: 2 }))
      assert.instanceOf(near, NoMinimumNearby)
      assert.isAbove(near.gradientNorm, 1e-8)
      const parameters = trained.parameters.map(() => 1e200)
      const below = flatMinima.descend({ ...smooth, shape: trained.shape, parameters })
      assert.instanceOf(yield* Effect.flip(below), LossOverflows)
      const at = flatMinima.certifyNetwork({ ...question, parameters })
      assert.instanceOf(yield* Effect.flip(at), LossOverflows)
      const short = { ...question, parameters: trained.parameters.slice(1) }
      assert.instanceOf(yield* Effect.flip(flatMinima.certifyNetwork(short)), InvalidInput)
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
      const flatMinima = yield* FlatMinima
      assert.instanceOf(yield* Effect.flip(flatMinima.descend(smooth)), JobCrashed)
      assert.instanceOf(yield* Effect.flip(flatMinima.certifyNetwork(question)), JobCrashed)
      assert.deepStrictEqual(asked, [
        ["flat-minima", "flat-minima/descend"],
        ["flat-minima", "flat-minima/certify-network"],
      ])
      assert.strictEqual(flatMinima.system, system)
    }).pipe(
      Effect.provide(Layer.provide(FlatMinima.layer, Layer.merge(refusing, Kernels.layerStrict))),
    )
  })
})
