/** The service answers with values and typed errors, and computes only on what its Layer requires. */
import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Datasets } from "@nonconvex/datasets"
import { Kernels } from "@nonconvex/numerics"
import { Compute } from "@nonconvex/runner"
import * as Inline from "@nonconvex/runner/Inline"
import * as Threads from "@nonconvex/runner/node/Threads"
import { Effect, Layer } from "effect"
import { LabelNoise } from "../../src/evidence/index.ts"

const input = {
  activation: { name: "cubic", slope: 1 },
  features: Float64Array.of(1, 0, 0, 1),
  dimension: 2,
  labels: Float64Array.of(2, -1),
  neurons: 2,
  theta: Float64Array.of(0.5, 0.1, -0.2, 0.3),
} as const

const size = 24

/** Orthonormal data, enough of them that their eigenvalues are found with kernels. */
const larger = {
  ...input,
  features: Float64Array.from({ length: size * size }, (_, k) => (k % (size + 1) === 0 ? 1 : 0)),
  dimension: size,
  labels: Float64Array.from({ length: size }, (_, i) => Math.sin(i)),
  theta: Float64Array.from({ length: 2 * size }, (_, k) => Math.cos(k)),
  fit: true,
}

const withKernels = (kernels: Kernels.Kernels) =>
  Inline.layer.pipe(
    Layer.provide(Layer.merge(Layer.succeed(Kernels.Current, kernels), Datasets.layer)),
    Layer.provide(NodeServices.layer),
  )

const here = Layer.provide(LabelNoise.layer, withKernels(Kernels.strict()))

/** Kernels that count uses of one of their functions, and the jobs given to a Compute. */
const counting = () => {
  const seen = { kernels: 0, jobs: new Array<string>() }
  const counted = new Proxy(Kernels.reference(), {
    get: (kernels, name) => {
      seen.kernels++
      return kernels[name as keyof Kernels.Kernels]
    },
  })
  const compute = Layer.effect(
    Compute,
    Effect.map(Compute, (inner) =>
      Compute.of({
        ...inner,
        perform: (subject, job, onProgress) => {
          seen.jobs.push(job.id)
          return inner.perform(subject, job, onProgress)
        },
      }),
    ),
  ).pipe(Layer.provide(withKernels(counted)))
  return { seen, layer: Layer.provide(LabelNoise.layer, compute) }
}

describe("LabelNoise", () => {
  it.effect("answers with values", () =>
    Effect.gen(function* () {
      const service = yield* LabelNoise
      const theta = yield* service.fit(input)
      const { after, before, labelNoise, outputChange } = yield* service.flatten({
        ...input,
        theta,
        fit: false,
      })
      assert.isAbove(before.excess, 0.01)
      assert.closeTo(after.excess, 0, 1e-12)
      assert.isAtMost(outputChange, 1e-12)
      assert.isAbove(labelNoise!.steps, 1)
    }).pipe(Effect.provide(here)),
  )

  it.effect("fails with typed errors", () =>
    Effect.gen(function* () {
      const { fit, flatten } = yield* LabelNoise
      const twice = {
        ...input,
        features: Float64Array.of(1, 0, 1, 0),
        labels: Float64Array.of(2, 2),
      }
      const failure = yield* Effect.flip(flatten({ ...twice, fit: true }))
      assert.strictEqual(failure._tag, "SingularGram")
      const missed = yield* Effect.flip(flatten({ ...input, fit: false }))
      assert.strictEqual(missed._tag, "NotInterpolating")
      const apart = yield* Effect.flip(fit({ ...input, features: new Float64Array(4) }))
      assert.strictEqual(apart._tag, "NotInterpolating")
      const short = yield* Effect.flip(fit({ ...input, theta: new Float64Array(3) }))
      assert.strictEqual(short._tag, "InvalidInput")
    }).pipe(Effect.provide(here)),
  )

  it.effect("computes on the Compute and the kernels that its Layer requires", () => {
    const { layer, seen } = counting()
    return Effect.gen(function* () {
      const { flatten } = yield* LabelNoise
      const found = yield* flatten(larger)
      assert.deepStrictEqual(seen.jobs, ["label-noise/flatten"])
      assert.isAbove(seen.kernels, 0)
      const elsewhere = yield* Effect.provide(
        Effect.flatMap(LabelNoise, (other) => other.flatten(larger)),
        here,
      )
      assert.deepStrictEqual(found, elsewhere)
    }).pipe(Effect.provide(layer))
  })

  it.live("gives the same on a thread", () =>
    Effect.gen(function* () {
      const onThread = Layer.provide(LabelNoise.layer, Threads.layer(1, { kernels: "strict" }))
      const flattened = Effect.flatMap(LabelNoise, ({ flatten }) =>
        flatten({ ...input, fit: true }),
      )
      const found = yield* Effect.provide(flattened, onThread)
      assert.deepStrictEqual(found, yield* Effect.provide(flattened, here))
    }),
  )
})
