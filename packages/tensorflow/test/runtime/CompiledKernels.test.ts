/** The backend with compiled kernels, against that of plain JavaScript. */
import * as tf from "@tensorflow/tfjs"
import { Effect, Exit } from "effect"
import fc from "fast-check"
import { assert, describe, it } from "vitest"
import { sam, TensorRuntime } from "../../src/index.ts"
import { layerCompiled } from "../../src/node.ts"
import { convolutional, leaked, normals } from "../support/Models.ts"

const current = Effect.map(TensorRuntime, () => tf.getBackend())
const found = await Effect.runPromiseExit(Effect.provide(current, layerCompiled))

/** Runs a test where the module was built; elsewhere sees that the error says what to do. */
const compiled = async (run: () => Promise<void>): Promise<void> => {
  if (Exit.isSuccess(found)) return run()
  const error = await Effect.runPromise(Effect.flip(Effect.provide(current, layerCompiled)))
  assert.strictEqual(error._tag, "BackendUnavailable")
  assert.match(error.remedy, /npm run build-native/)
  console.info(`skipped: ${error.message}`)
}

const on = (
  layer: typeof layerCompiled,
  compute: () => ReadonlyArray<tf.Tensor>,
): Promise<ReadonlyArray<{ shape: Array<number>; values: Array<number> }>> =>
  Effect.runPromise(
    Effect.provide(
      Effect.map(TensorRuntime, () => {
        const results: Array<{ shape: Array<number>; values: Array<number> }> = []
        tf.tidy(() => {
          for (const result of compute())
            results.push({ shape: result.shape, values: Array.from(result.dataSync()) })
        })
        return results
      }),
      layer,
    ),
  )

type Map = (tensor: tf.Tensor) => tf.Tensor

/**
 * Two sums of up to `terms` products, each in an order of its own: within twice gamma of each other (Higham 2002, section 3.1), times the same
 * of the magnitudes, which `compute` gives where its factors go through `tf.abs`. NaN and infinities are where they are expected.
 */
const assertSame = async (
  terms: number,
  compute: (factor: Map) => ReadonlyArray<tf.Tensor>,
): Promise<void> => {
  const expected = await on(TensorRuntime.layerCpu, () => compute((tensor) => tensor))
  const bounds = await on(TensorRuntime.layerCpu, () => compute(tf.abs))
  const actual = await on(layerCompiled, () => compute((tensor) => tensor))
  assert.deepStrictEqual(
    actual.map(({ shape }) => shape),
    expected.map(({ shape }) => shape),
  )
  const gamma = (terms + 5) * 2 ** -24
  expected.forEach(({ values }, k) => {
    values.forEach((value, i) => {
      const [other, bound] = [actual[k]!.values[i]!, Math.abs(bounds[k]!.values[i]!)]
      if (Number.isFinite(value)) {
        assert.isAtMost(Math.abs(other - value), (2 * gamma * bound) / (1 - gamma), `${k}, ${i}`)
      } else assert.strictEqual(String(other), String(value), `${k}, ${i}`)
    })
  })
}

/** A convolution whose windows lie in the image, or that pads. */
const convolution = fc.record({
  label: fc.nat(1000).map(String),
  batch: fc.integer({ min: 1, max: 3 }),
  size: fc.tuple(fc.integer({ min: 4, max: 11 }), fc.integer({ min: 4, max: 11 })),
  window: fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 })),
  strides: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })),
  channels: fc.constantFrom(1, 3, 8, 17),
  outputs: fc.constantFrom(1, 5, 16, 33),
  pad: fc.constantFrom("valid" as const, "same" as const),
})

describe("the backend with compiled kernels", () => {
  it("convolves, forwards and backwards", () =>
    compiled(() =>
      fc.assert(
        fc.asyncProperty(convolution, (drawn) => {
          const { batch, channels, label, outputs, pad, size, strides, window } = drawn
          const taps = window[0] * window[1]
          const terms = Math.max(taps * channels, taps * outputs, batch * size[0] * size[1])
          return assertSame(terms, (factor) => {
            const image = factor(normals(`image ${label}`, [batch, ...size, channels]))
            const filter = factor(normals(`filter ${label}`, [...window, channels, outputs]))
            const dy = (shape: Array<number>) => factor(normals(`dy ${label}`, shape))
            const convolve = (x: tf.Tensor, w: tf.Tensor) =>
              tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, strides, pad)
            const out = convolve(image, filter)
            return [out, ...tf.grads(convolve)([image, filter], dy(out.shape))]
          })
        }),
        { numRuns: 60 },
      ),
    ))

  it("pools, forwards and backwards, with NaN and equal numbers", () =>
    compiled(() =>
      fc.assert(
        fc.asyncProperty(convolution, (drawn) => {
          const { batch, channels, label, pad, size, strides, window } = drawn
          return assertSame(window[0] * window[1], (factor) => {
            const drawnImage = normals(`image ${label}`, [batch, ...size, channels])
            const image = drawnImage.mul(2).round()
            const holed = tf.where(image.equal(3), tf.fill(image.shape, Number.NaN), image)
            const pool = (x: tf.Tensor) => tf.maxPool(x as tf.Tensor4D, window, strides, pad)
            const out = pool(holed)
            return [out, tf.grad(pool)(holed, factor(normals(`dy ${label}`, out.shape)))]
          })
        }),
        { numRuns: 60 },
      ),
    ))

  it("multiplies matrices, turned or not, one by one or many", () =>
    compiled(() =>
      fc.assert(
        fc.asyncProperty(
          fc.nat(1000),
          fc.tuple(fc.nat(20), fc.nat(40), fc.nat(20)),
          fc.constantFrom([], [3], [2, 2]),
          fc.boolean(),
          fc.boolean(),
          (label, [m, k, n], outer, transposeA, transposeB) =>
            assertSame(k + 1, (factor) => {
              const sizes = transposeA ? [k + 1, m + 1] : [m + 1, k + 1]
              const others = transposeB ? [n + 1, k + 1] : [k + 1, n + 1]
              const a = factor(normals(`a ${label}`, [...outer, ...sizes]))
              const b = factor(normals(`b ${label}`, [...outer, ...others]))
              return [tf.matMul(a, b, transposeA, transposeB)]
            }),
        ),
        { numRuns: 60 },
      ),
    ))

  it("has the gradient of relu, and that of the gradient, with zeros and NaN", () =>
    compiled(() =>
      fc.assert(
        fc.asyncProperty(
          fc.nat(1000),
          fc.constantFrom<Array<number>>([], [1], [17], [4, 5, 3]),
          (label, shape) =>
            assertSame(1, (factor) => {
              const drawn = normals(`x ${label}`, shape).mul(2).round()
              const x = tf.where(drawn.equal(3), tf.fill(shape, Number.NaN), drawn)
              const [dy, ddy] = [normals(`dy ${label}`, shape), normals(`ddy ${label}`, shape)]
              const gradient = tf.grad((z) => tf.relu(z))
              const second = tf.grads((z, d) => gradient(z, d))
              return [gradient(x, factor(dy)), ...second([x, factor(dy)], factor(ddy))]
            }),
        ),
        { numRuns: 60 },
      ),
    ))

  it("leaves the gradient of relu on integers, and on other backends, to TensorFlow.js", () =>
    compiled(() =>
      assertSame(1, (factor) => {
        const whole = tf.tensor1d([-1, 0, 2], "int32")
        const dy = factor(tf.tensor1d([3, 5, -7]))
        return [tf.grad((z) => tf.relu(z).toFloat())(whole, dy)]
      }),
    ))

  it("leaves to the wasm backend what the module does not have", () =>
    compiled(async () => {
      await assertSame(18, (factor) => [
        tf.conv2d(
          factor(normals("image", [2, 9, 8, 3])) as tf.Tensor4D,
          factor(normals("filter", [3, 2, 3, 4])) as tf.Tensor4D,
          1,
          "same",
          "NHWC",
          2,
        ),
        tf.matMul(factor(normals("a", [3, 4, 5])), factor(normals("b", [1, 5, 6]))),
      ])
    }))

  it("has gradients that are the limits of differences", () =>
    compiled(async () => {
      await Effect.runPromise(
        Effect.provide(
          Effect.map(TensorRuntime, () => {
            tf.tidy(() => {
              const image = normals("image", [2, 7, 6, 2]) as tf.Tensor4D
              const filter = normals("filter", [3, 2, 2, 3])
              const loss = (w: tf.Tensor) =>
                tf
                  .conv2d(image, w as tf.Tensor4D, [2, 1], "same")
                  .square()
                  .mean<tf.Scalar>()
              const direction = normals("direction", filter.shape)
              const slope = tf.grad(loss)(filter).mul(direction).sum().dataSync()[0]!
              // the loss is a quadratic, whose central difference is exact but for rounding
              const at = (t: number) => loss(filter.add(direction.mul(t))).dataSync()[0]!
              assert.isAbove(Math.abs(slope), 0.1)
              assert.closeTo((at(0.5) - at(-0.5)) / slope, 1, 1e-4)
            })
          }),
          layerCompiled,
        ),
      )
    }))

  it("has the tensors of the wasm backend, and puts back the backend before", () =>
    compiled(async () => {
      await tf.setBackend("cpu")
      const made = await Effect.runPromise(
        Effect.provide(
          Effect.map(TensorRuntime, ({ backend }) => {
            assert.deepStrictEqual([backend, tf.getBackend()], ["compiled", "compiled"])
            return tf.tensor1d([1, 2]).square()
          }),
          layerCompiled,
        ),
      )
      assert.strictEqual(tf.getBackend(), "cpu")
      const shared = await Effect.runPromise(
        Effect.provide(
          Effect.map(TensorRuntime, () => Array.from(tf.tidy(() => made.add(1).dataSync()))),
          TensorRuntime.layerWasm,
        ),
      )
      made.dispose()
      assert.deepStrictEqual(shared, [2, 5])
    }))

  it("leaks no tensor in a step of SAM", () =>
    compiled(async () => {
      const lost = await leaked(() =>
        Effect.runPromise(
          Effect.provide(
            Effect.gen(function* () {
              yield* TensorRuntime
              const model = convolutional()
              const optimizer = sam(tf.train.sgd(0.1))
              model.compile({ optimizer, loss: "meanSquaredError" })
              const [inputs, targets] = [
                normals("inputs", [5, 8, 8, 1]),
                normals("targets", [5, 3]),
              ]
              yield* Effect.promise(() => model.trainOnBatch(inputs, targets))
              tf.dispose([inputs, targets])
              model.dispose()
              optimizer.dispose()
            }),
            layerCompiled,
          ),
        ),
      )
      assert.strictEqual(lost, 0)
    }))
})
