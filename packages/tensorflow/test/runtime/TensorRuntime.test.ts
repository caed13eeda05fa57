import { assert, describe, it } from "@effect/vitest"
import { BackendUnavailable } from "@nonconvex/numerics"
import * as tf from "@tensorflow/tfjs"
import { ConfigProvider, Effect, Layer } from "effect"
import { TensorRuntime } from "../../src/index.ts"
import { layerFastest, layerNode } from "../../src/node.ts"
import { folderVariable } from "../../src/runtime/NodeRuntime.ts"

const nowhere = ConfigProvider.layer(
  ConfigProvider.fromUnknown({ [folderVariable]: "/nowhere/tfjs-node" }),
)

const square = Effect.gen(function* () {
  const runtime = yield* TensorRuntime
  return {
    ...runtime,
    current: tf.getBackend(),
    square: tf.tidy(() => tf.scalar(3).square().dataSync()[0]),
  }
})

describe("TensorRuntime", () => {
  it.effect("takes wasm where tfjs-node does not load, and says why", () =>
    Effect.gen(function* () {
      const found = yield* Effect.provide(square, Layer.provide(layerFastest, nowhere))
      assert.strictEqual(found.backend, "wasm")
      assert.strictEqual(found.current, "wasm")
      assert.strictEqual(found.square, 9)
      assert.match(
        found.because,
        /^wasm, because the node backend is not available \(Cannot find module/,
      )
      assert.deepStrictEqual(
        found.passedOver.map(({ backend }) => backend),
        ["the node backend"],
      )
    }),
  )

  it.effect("takes wasm without a look for tfjs-node, where Node is not asked for", () =>
    Effect.gen(function* () {
      const found = yield* Effect.provide(square, TensorRuntime.layer)
      assert.strictEqual(found.current, "wasm")
      assert.deepStrictEqual(found.passedOver, [])
    }),
  )

  it.effect("forces wasm, and cpu", () =>
    Effect.gen(function* () {
      for (const [layer, backend] of [
        [TensorRuntime.layerWasm, "wasm"],
        [TensorRuntime.layerCpu, "cpu"],
      ] as const) {
        const found = yield* Effect.provide(square, layer)
        assert.strictEqual(found.current, backend)
        assert.strictEqual(found.because, `${backend}, as requested`)
        assert.deepStrictEqual(found.passedOver, [])
      }
    }),
  )

  it.effect("fails with a typed error where node is forced and not there", () =>
    Effect.gen(function* () {
      const error = yield* square.pipe(
        Effect.provide(Layer.provide(layerNode, nowhere)),
        Effect.flip,
      )
      assert.instanceOf(error, BackendUnavailable)
      assert.match(error.reason, /Cannot find module '\/nowhere\/tfjs-node'/)
      assert.include(error.remedy, folderVariable)
    }),
  )

  it.effect("puts back the backend before when its scope closes", () =>
    Effect.gen(function* () {
      yield* Effect.promise(() => tf.setBackend("cpu"))
      const inside = yield* Effect.provide(square, TensorRuntime.layerWasm)
      assert.strictEqual(inside.current, "wasm")
      assert.strictEqual(tf.getBackend(), "cpu")
    }),
  )
})
