import { Kernels, RandomStream, Seed, Vector } from "@nonconvex/numerics"
import { assert, describe, it } from "vitest"
import * as Activation from "../../src/network/Activation.ts"
import { labelNoiseSgd, noisyDescent, twoLayer } from "../../src/index.ts"
import type { Form } from "../../src/descent/NoisyDescent.ts"
import { preactivations } from "../../src/network/TwoLayer.ts"
import { fitted } from "../support/problems.ts"

const problemOf = (
  neurons: number,
  size: number,
  dimension: number,
  kernels = Kernels.strict(),
) => {
  const stream = RandomStream.make(Seed.root(neurons * size + dimension))
  const features = new Float64Array(size * dimension)
  for (let i = 0; i < size; i++) {
    stream.fillSphere(features.subarray(i * dimension, (i + 1) * dimension))
  }
  const theta = new Float64Array(neurons * dimension)
  stream.fillNormal(theta)
  Vector.scale(0.25, theta)
  const labels = new Float64Array(size)
  stream.fillNormal(labels)
  return {
    network: twoLayer({
      activation: Activation.cubic(1),
      features,
      dimension,
      labels,
      neurons,
      kernels,
    }),
    theta,
  }
}

const end = (
  form: Form,
  [neurons, size, dimension, batch]: ReadonlyArray<number>,
  kernels?: Kernels.Kernels,
) => {
  const { network, theta } = problemOf(neurons!, size!, dimension!, kernels)
  const stream = RandomStream.make(Seed.root(7))
  const descent = noisyDescent(network, theta, batch!, form)
  const epsilon = new Float64Array(batch!)
  for (let k = 0; k < 200; k++) {
    const order = stream.permutation(size!).subarray(0, batch)
    const indices = batch === size ? order.toSorted() : order
    stream.fillNormal(epsilon)
    Vector.scale(0.1, epsilon)
    assert.isBelow(descent.step(indices, epsilon, 0.02), Number.POSITIVE_INFINITY)
  }
  return Float64Array.from(descent.computeParameters())
}

describe("noisyDescent", () => {
  const sizes = [
    [10, 3, 3, 1],
    [4, 6, 2, 3],
    [3, 3, 5, 3],
    // these two with compiled products
    [100, 20, 50, 20],
    [60, 30, 20, 17],
  ]
  for (const size of sizes) {
    it(`takes the same path in both forms: m, n, d, B = ${size.join(", ")}`, () => {
      const distance = Vector.distance(end("parameters", size), end("preactivations", size))
      assert.isAtMost(distance, 1e-12)
    })
  }

  it.each(["parameters", "preactivations"] as const)(
    "computes on the kernels of its network and no others, in %s",
    (form) => {
      let products = 0
      const counting: Kernels.Kernels = {
        ...Kernels.reference(),
        gemm: (...parameters) => {
          products++
          Kernels.reference().gemm(...parameters)
        },
      }
      const size = [100, 20, 50, 20]
      const found = Kernels.onlyGiven(() => end(form, size, counting))
      assert.isAtLeast(products, 200)
      assert.deepStrictEqual(found, end(form, size))
    },
  )

  it.each(["parameters", "preactivations"] as const)(
    "finds room where the memory of the kernels has none, in %s",
    (form) => {
      const size = [100, 20, 50, 20]
      assert.deepStrictEqual(
        end(form, size, Kernels.makeStrict({ capacity: 2 ** 12 })),
        end(form, size),
      )
    },
  )

  it("chooses the cheaper form", () => {
    assert.strictEqual(noisyDescent(...startOf(3, 3), 1).form, "preactivations")
    assert.strictEqual(noisyDescent(...startOf(6, 3), 1).form, "parameters")
  })

  it("takes a whole batch in any order", () => {
    const { network, theta } = problemOf(100, 20, 50)
    const [inOrder, reversed] = [0, 1].map(() => noisyDescent(network, theta, 20))
    const order = Uint32Array.from({ length: 20 }, (_, i) => i)
    const epsilon = Float64Array.from({ length: 20 }, (_, i) => i / 100)
    inOrder!.step(order, epsilon, 0.1)
    reversed!.step(order.toReversed(), epsilon.toReversed(), 0.1)
    assert.isAtMost(
      Vector.distance(inOrder!.computeParameters(), reversed!.computeParameters()),
      1e-14,
    )
  })

  it("keeps pre-activations and parameters together over 300,000 steps", () => {
    const { network, theta } = fitted()
    const options = {
      learningRate: 0.02,
      noise: 0.1,
      sampling: "replacement",
      batch: 1,
      seed: Seed.root(1),
    } as const
    const method = labelNoiseSgd(options)
    const state = method.init(network, theta)
    const chosen = new Uint32Array(1)
    const z = new Float64Array(18)
    for (let k = 0; k < 300_000; k++) method.step(state)
    assert.strictEqual(state.status, "running")
    // a silent step at rate 0 shows where it is; one in the parameters from there finds the same residual
    const before = Float64Array.from(state.point)
    preactivations(network, before, z)
    const fresh = noisyDescent(network, before, 1, "preactivations")
    for (let k = 0; k < 10; k++) {
      chosen[0] = k % 3
      fresh.step(chosen, Float64Array.of(0.1), 0.02)
      state.descent.step(chosen, Float64Array.of(0.1), 0.02)
    }
    assert.isAtMost(Vector.distance(fresh.computeParameters(), state.point), 1e-11)
  })

  it("stays where it is when a residual is not finite", () => {
    const { network } = problemOf(2, 2, 3)
    for (const form of ["parameters", "preactivations"] as const) {
      // the residuals overflow at the first; at the second they do not, but the step would
      for (const size of [1e120, 1e100]) {
        const huge = new Float64Array(6).fill(size)
        const descent = noisyDescent(network, huge, 2, form)
        const loss = descent.step(Uint32Array.of(0, 1), new Float64Array(2), 0.1)
        assert.isFalse(Number.isFinite(loss))
        assert.deepStrictEqual(descent.computeParameters(), huge)
      }
    }
  })
})

function startOf(size: number, dimension: number) {
  const { network, theta } = problemOf(2, size, dimension)
  return [network, theta] as const
}
