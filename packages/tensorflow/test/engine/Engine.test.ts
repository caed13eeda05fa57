/** The engine of a runtime, against that of TensorFlow.js. */
import { assert, describe, it } from "@effect/vitest"
import * as tf from "@tensorflow/tfjs"
import { softmaxCrossEntropy } from "../../src/index.ts"
import { useBackend } from "../support/Backend.ts"
import { asItIs } from "../support/Engine.ts"
import { convolutional, data, normalised, normals, perceptron } from "../support/Models.ts"

useBackend()

const numbers = (tensors: ReadonlyArray<tf.Tensor>): ReadonlyArray<unknown> =>
  tensors.map((tensor) => [tensor.shape, tensor.dtype, Array.from(tensor.dataSync())])

/** What `compute` gives, and how many tensors and bytes are there in the end beside those. */
const told = (compute: () => ReadonlyArray<tf.Tensor>): unknown => {
  const before = tf.memory()
  const tensors = compute()
  const values = numbers(tensors)
  tf.dispose([...tensors])
  const { numBytes, numDataBuffers, numTensors } = tf.memory()
  return {
    values,
    left: [
      numTensors - before.numTensors,
      numDataBuffers - before.numDataBuffers,
      numBytes - before.numBytes,
    ],
  }
}

const assertSame = (compute: () => ReadonlyArray<tf.Tensor>): void => {
  assert.deepStrictEqual(
    told(compute),
    asItIs(() => told(compute)),
  )
}

const messageOf = (body: () => unknown): string => {
  try {
    body()
  } catch (error) {
    return (error as Error).message
  }
  return "none"
}

/** Both fail, with the same words. */
const assertSameFailure = (body: () => unknown): void => {
  const message = messageOf(body)
  assert.notStrictEqual(message, "none")
  assert.strictEqual(
    message,
    asItIs(() => messageOf(body)),
  )
}

/** Loss and gradients of a model at `training`. */
const pass = (
  model: tf.LayersModel,
  inputs: tf.Tensor,
  targets: tf.Tensor,
): ReadonlyArray<tf.Tensor> => {
  const { grads, value } = tf.variableGrads(
    () =>
      tf.mean<tf.Scalar>(
        softmaxCrossEntropy(targets, model.apply(inputs, { training: true }) as tf.Tensor),
      ),
    model.trainableWeights.map((weight) => weight.read() as tf.Variable),
  )
  return [value, ...Object.values(grads)]
}

describe("the engine of a runtime", () => {
  for (const [name, make] of Object.entries({ perceptron, convolutional })) {
    it(`has the bits of TensorFlow.js, and its tensors, in a pass of the ${name}`, () => {
      const model = make()
      const [first = 1, ...rest] = model.inputs[0]!.shape.map((length) => length ?? 6)
      const inputs = normals("inputs", [first, ...rest])
      const targets = tf.oneHot(tf.tensor1d([0, 1, 2, 0, 1, 2], "int32"), 3).toFloat()
      assertSame(() => pass(model, inputs, targets))
    })
  }

  it("has them where batch normalisation writes its statistics", () => {
    const [one, other] = [normalised(), normalised()]
    const { inputs, targets } = data(6)
    const after = (model: tf.LayersModel) => () => {
      const results = pass(model, inputs, targets)
      // dropout draws a mask of its own
      tf.dispose([...results])
      return model.weights.map((weight) => weight.read().clone())
    }
    const [ours, theirs] = [told(after(one)), asItIs(() => told(after(other)))]
    assert.deepStrictEqual(ours, theirs)
  })

  it("has them in operations with several inputs, several outputs, and other types", () => {
    const [a, b] = [normals("a", [3, 4]), normals("b", [3, 4])]
    const whole = tf.tensor2d([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], [3, 4], "int32")
    assertSame(() =>
      tf.grads((x, y) => {
        const [left, right] = tf.split(tf.concat([x, y.mul(whole), x], 1), 2, 1)
        const rows = tf.unstack(left!.mul(right!))
        return tf.addN([rows[0]!, rows[2]!, rows[0]!]).mul(whole.max().toFloat()).sum()
      })([a, b]),
    )
  })

  it("has no gradient of what the loss does not depend on", () => {
    const [used, unused] = [tf.variable(tf.scalar(3)), tf.variable(tf.scalar(4))]
    const { grads, value } = tf.variableGrads(() => used.square() as tf.Scalar, [used, unused])
    assert.deepStrictEqual(numbers([value, grads[used.name]!]), [
      [[], "float32", [9]],
      [[], "float32", [6]],
    ])
    assert.notProperty(grads, unused.name)
  })

  it("has second and third gradients", () => {
    const cube = (x: tf.Tensor) => x.mul(x).mul(x)
    const x = tf.scalar(2)
    const [first, second, third] = [
      tf.grad(cube),
      tf.grad(tf.grad(cube)),
      tf.grad(tf.grad(tf.grad(cube))),
    ]
    assert.deepStrictEqual(
      [first, second, third].map((gradient) => gradient(x).dataSync()[0]),
      [12, 12, 6],
    )
    // the inner variable is the outer one: the gradient of a cube
    const nested = tf.grad((w: tf.Tensor) => tf.grad((z: tf.Tensor) => z.mul(w.square()))(w))
    assert.strictEqual(nested(tf.scalar(3)).dataSync()[0], 18)
  })

  it("keeps what a pass saved until its gradient, and a gradient of one's own", () => {
    const x = tf.tensor1d([1, 2, 3])
    assertSame(() => {
      const cubed = tf.customGrad((given, save) => {
        const tensor = given as tf.Tensor
        ;(save as tf.GradSaveFunc)([tensor])
        return {
          value: tensor.pow(3),
          gradFunc: (dy: tf.Tensor, saved: Array<tf.Tensor>) => dy.mul(saved[0]!.square().mul(3)),
        }
      })
      return [tf.grad((z: tf.Tensor) => tf.tidy(() => cubed(z.add(1)).sum()))(x)]
    })
  })

  it("complains as TensorFlow.js does", () => {
    const x = tf.scalar(2)
    assertSameFailure(() => tf.grad(() => tf.scalar(1))(x))
    assertSameFailure(() =>
      tf.grad((z: tf.Tensor) => tf.bincount(z.toInt() as tf.Tensor1D, [], 2))(tf.tensor1d([1])),
    )
    assertSameFailure(() => tf.engine().runKernel("NoSuchKernel", {}))
    assertSameFailure(() => {
      const wrong = tf.customGrad((z) => ({
        value: (z as tf.Tensor).mul(2),
        gradFunc: () => tf.tensor1d([1, 2]),
      }))
      return tf.grad(wrong)(x)
    })
    assertSameFailure(() => {
      const whole = tf.customGrad((z) => ({
        value: (z as tf.Tensor).mul(2),
        gradFunc: () => tf.scalar(1, "int32"),
      }))
      return tf.grad(whole)(x)
    })
    assertSameFailure(() =>
      tf.grad((z: tf.Tensor) => {
        z.square()
        throw new Error("of the loss")
      })(x),
    )
  })

  it("is watched where TensorFlow.js watches it", async () => {
    const x = tf.scalar(2)
    const compute = () => tf.grad((z: tf.Tensor) => z.square().mul(z))(x)
    const [ours, theirs] = [await tf.profile(compute), await asItIs(() => tf.profile(compute))]
    assert.deepStrictEqual(ours.kernelNames, theirs.kernelNames)
    assert.deepStrictEqual([ours.newTensors, ours.newBytes], [theirs.newTensors, theirs.newBytes])
  })
})
