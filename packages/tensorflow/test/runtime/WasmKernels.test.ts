/** The kernels that this package adds to the wasm backend, against those of the cpu backend. */
import { assert, describe, it } from "@effect/vitest"
import * as tf from "@tensorflow/tfjs"
import { Effect } from "effect"
import fc from "fast-check"
import { TensorRuntime } from "../../src/index.ts"
import { leaked, normals } from "../support/Models.ts"

const on = (layer: typeof TensorRuntime.layer, compute: () => tf.Tensor) =>
  Effect.runPromise(
    Effect.provide(
      Effect.gen(function* () {
        yield* TensorRuntime
        return Array.from(tf.tidy(() => compute().dataSync()))
      }),
      layer,
    ),
  )

const assertSame = async (compute: () => tf.Tensor): Promise<void> => {
  const expected = await on(TensorRuntime.layerCpu, compute)
  const actual = await on(TensorRuntime.layerWasm, compute)
  assert.strictEqual(actual.length, expected.length)
  assert.isAbove(Math.max(...expected.map(Math.abs)), 0.1)
  expected.forEach((value, i) => assert.closeTo(actual[i]!, value, 1e-4, String(i)))
}

describe("the wasm backend", () => {
  for (const pad of ["valid", "same", 1] as const) {
    for (const strides of [1, 2] as const) {
      it(`trains convolutions with padding ${pad} and stride ${strides}`, async () => {
        await assertSame(() => {
          // by number, TensorFlow.js pads as if every filter were square, and wasm aborts where it is not
          const image = normals("image", [2, 7, 6, 3]) as tf.Tensor4D
          const weight = normals("weight", [2, 1]) as tf.Tensor2D
          const rounding = pad === 1 ? "floor" : undefined
          const gradients = tf.grads((x, filter) => {
            const [images, filters] = [x as tf.Tensor4D, filter as tf.Tensor4D]
            const out = tf.conv2d(images, filters, strides, pad, "NHWC", 1, rounding)
            return out.square().mean([1, 2, 3]).mul(weight.sum(1)).sum()
          })([image, normals("filter", [3, pad === 1 ? 3 : 2, 3, 4])])
          return tf.concat(gradients.map((gradient) => gradient.flatten()))
        })
      })
    }
  }

  it("trains convolutions of images whose windows are made part by part", async () => {
    await assertSame(() => {
      const image = normals("image", [3, 17, 19, 8]) as tf.Tensor4D
      const gradients = tf.grads((x, filter) =>
        tf
          .conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, [1, 2], "same")
          .square()
          .mean([1, 2])
          .sum(),
      )([image, normals("filter", [5, 3, 8, 2])])
      return tf.concat(gradients.map((gradient) => gradient.flatten()))
    })
  })

  const pool = (image: tf.Tensor, size: [number, number], strides: number, pad: "valid" | "same") =>
    tf.grad((x) =>
      tf
        .maxPool(x as tf.Tensor4D, size, strides, pad)
        .square()
        .sum(),
    )(image)

  for (const pad of ["valid", "same"] as const) {
    for (const strides of [1, 2] as const) {
      it(`has the gradient of a pool with padding ${pad} and stride ${strides}`, () =>
        assertSame(() => pool(normals("image", [2, 7, 6, 3]), [3, 2], strides, pad)))
    }
  }

  it("has the gradient of a pool over windows without a positive number, and of equal ones", async () => {
    await assertSame(() => pool(normals("image", [2, 6, 6, 3]).square().neg(), [2, 2], 2, "valid"))
    await assertSame(() => pool(tf.ones([1, 4, 4, 2]).neg(), [2, 2], 2, "valid"))
    await assertSame(() => pool(normals("image", [1, 6, 6, 2]).sign(), [3, 3], 1, "same"))
  })

  it("has sums, differences, products and quotients as the cpu backend rounds them, however they are spread", async () => {
    // up to more numbers than are computed without the backend
    const shape = fc.array(fc.integer({ min: 0, max: 7 }), { maxLength: 4 })
    const operands = fc.tuple(shape, fc.infiniteStream(fc.nat(3)), fc.nat(4)).map(
      // of the other one, lengths are 1 or missing here and there
      ([one, kinds, skipped]) =>
        [one, one.map((length) => (kinds.next().value === 0 ? 1 : length)).slice(skipped)] as const,
    )
    await fc.assert(
      fc.asyncProperty(operands, fc.boolean(), fc.nat(1000), async ([one, other], turn, label) => {
        const compute = () => {
          const drawn = [normals(`one ${label}`, one), normals(`other ${label}`, [...other])]
          const [a, b] = (turn ? drawn.toReversed() : drawn) as [tf.Tensor, tf.Tensor]
          return tf.stack([tf.add(a, b), tf.sub(a, b), tf.mul(a, b), tf.div(a, b)])
        }
        const expected = await on(TensorRuntime.layerCpu, compute)
        assert.deepStrictEqual(await on(TensorRuntime.layerWasm, compute), expected)
      }),
      { numRuns: 100 },
    )
  })

  it("trains depthwise convolutions, with respect to filter and image", async () => {
    for (const which of [0, 1] as const) {
      await assertSame(() => {
        const image = normals("image", [2, 6, 6, 3]) as tf.Tensor4D
        const filter = normals("filter", [3, 3, 3, 2]) as tf.Tensor4D
        return tf.grads((x, w) =>
          tf
            .depthwiseConv2d(x as tf.Tensor4D, w as tf.Tensor4D, 1, "same")
            .square()
            .sum(),
        )([image, filter])[which]!
      })
    }
  })

  it("trains embeddings", async () => {
    await assertSame(() =>
      tf.grad((table: tf.Tensor) =>
        tf
          .gather(table, tf.tensor1d([2, 0, 2, 1], "int32"))
          .square()
          .sum(),
      )(normals("table", [4, 3])),
    )
  })

  it("leaks no tensor in these kernels", async () => {
    const lost = await leaked(() =>
      on(
        TensorRuntime.layerWasm,
        () =>
          tf.grads((x, w, d) =>
            tf.add(
              tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 1, "same").sum(),
              tf.depthwiseConv2d(x as tf.Tensor4D, d as tf.Tensor4D, 1, "same").sum(),
            ),
          )([
            normals("image", [1, 5, 5, 2]),
            normals("filter", [3, 3, 2, 2]),
            normals("depthwise", [3, 3, 2, 1]),
          ])[2]!,
      ),
    )
    assert.strictEqual(lost, 0)
  })
})
