import { InvalidInput, Kernels, Vector } from "@nonconvex/numerics"
import { assert, describe, it } from "vitest"
import { ntkArchitecture, ntkNetwork, TangentKernel } from "../../src/index.ts"
import { kernelOperator } from "../../src/network/Model.ts"
import * as TwoLayer from "../../src/theory/TwoLayer.ts"
import { net, normals } from "../support/Nets.ts"

const assertClose = (actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number) => {
  assert.strictEqual(actual.length, expected.length)
  for (let i = 0; i < actual.length; i++) {
    assert.closeTo(actual[i]!, expected[i]!, tolerance * Math.max(1, Math.abs(expected[i]!)))
  }
}

const cases = [
  { widths: [5] as const, activation: "relu", bias: true },
  { widths: [3, 7] as const, activation: "relu", bias: false },
  { widths: [9, 4] as const, activation: "relu", bias: true },
  { widths: [4, 6, 5] as const, activation: "tanh", bias: true },
  { widths: [12, 6, 8, 3] as const, activation: "relu", bias: false },
] as const

describe.for(cases)("ntkNetwork %o", ({ activation, bias, widths }) => {
  const { network, start } = net({ widths, activation, bias, samples: 6 })
  const n = network.size

  it("pulls back and pushes forward what differences show", () => {
    const q = normals(n, "q")
    const v = normals(network.dimension, "v")
    const at = (h: number) => {
      const moved = start.slice()
      Vector.axpy(h, v, moved)
      const out = new Float64Array(n)
      network.predict(moved, out)
      return out
    }
    const h = 1e-6
    const [up, down] = [at(h), at(-h)]
    const slope = up.map((value, k) => (value - down[k]!) / (2 * h))
    network.predict(start, new Float64Array(n))
    const forward = new Float64Array(n)
    network.pushforward(v, forward)
    assertClose(forward, slope, 1e-7)
    const gradient = new Float64Array(network.dimension)
    network.addPullback(1, q, gradient)
    assert.closeTo(Vector.dot(gradient, v), Vector.dot(q, forward), 1e-11)
  })

  it("has the kernel of its Jacobian, by every route", () => {
    network.predict(start, new Float64Array(n))
    const kernel = new Float64Array(n * n)
    network.tangentKernel(kernel)
    const operator = kernelOperator(network)
    const column = new Float64Array(n)
    for (let j = 0; j < n; j++) {
      const one = new Float64Array(n)
      one[j] = 1
      operator(one, column)
      assertClose(column, kernel.subarray(j * n, (j + 1) * n), 1e-11)
    }
    const dense = TangentKernel.topPairs(network, n, { count: 2, route: "dense" })
    const lanczos = TangentKernel.topPairs(network, n, { count: 2, route: "lanczos" })
    const free = TangentKernel.topPairs(network, n, { count: 2, route: "matrix-free" })
    assertClose(lanczos.values, dense.values, 1e-9)
    assertClose(free.values, dense.values, 1e-9)
  })

  it("predicts batches like the whole, and may step in place", () => {
    const whole = new Float64Array(n)
    network.predict(start, whole)
    const gradient = new Float64Array(network.dimension)
    const q = normals(3, "batch")
    const indices = Uint32Array.of(4, 1, 4)
    const out = new Float64Array(3)
    network.predict(start, out, indices)
    assertClose(out, [whole[4]!, whole[1]!, whole[4]!], 1e-13)
    network.addPullback(-0.1, q, gradient)
    const placed = network.place(start)
    network.predict(placed, out, indices)
    network.addPullback(-0.1, q, placed)
    assertClose(
      placed,
      start.map((value, i) => value + gradient[i]!),
      1e-12,
    )
  })

  it("has gradients in its inputs that differences show", () => {
    network.predict(start, new Float64Array(n))
    const rows = new Float64Array(n * network.inputs)
    network.inputGradients(rows)
    const { features } = net({ widths, activation, bias, samples: 6 })
    const h = 1e-6
    for (let j = 0; j < network.inputs; j++) {
      const shifted = (sign: number) => {
        const moved = Float64Array.from(features, (x, at) =>
          at % network.inputs === j ? x + sign * h : x,
        )
        const out = new Float64Array(n)
        ntkNetwork({ architecture: network.architecture, features: moved }).predict(start, out)
        return out
      }
      const [up, down] = [shifted(1), shifted(-1)]
      for (let k = 0; k < n; k++) {
        assert.closeTo(rows[k * network.inputs + j]!, (up[k]! - down[k]!) / (2 * h), 1e-6)
      }
    }
  })
})

describe("the two-layer closed forms", () => {
  const { features, network, start } = net({ widths: [4, 9], samples: 7 })
  const closed = {
    inputs: 4,
    width: 9,
    first: start.subarray(0, 36),
    second: start.subarray(36),
    features,
  }

  it("are the network", () => {
    const f = new Float64Array(7)
    network.predict(start, f)
    assertClose(f, TwoLayer.predictions(closed), 1e-13)
    const kernel = new Float64Array(49)
    network.tangentKernel(kernel)
    assertClose(kernel, TwoLayer.tangentKernel(closed), 1e-12)
    const gradients = new Float64Array(28)
    network.inputGradients(gradients)
    const { first: weights, second: outer } = closed
    const inputGradients = gradients.map((_, at) => {
      const [k, j] = [Math.floor(at / 4), at % 4]
      const gated = Array.from(outer, (a, i) => {
        const row = weights.subarray(4 * i, 4 * i + 4)
        const isOpen = Vector.dot(row, features.subarray(4 * k, 4 * k + 4)) > 0
        return isOpen ? a * row[j]! : 0
      })
      return gated.reduce((sum, each) => sum + each, 0) / Math.sqrt(9 * 4)
    })
    assertClose(gradients, inputGradients, 1e-13)
    const q = normals(7, "q")
    const gradient = new Float64Array(45)
    network.addPullback(1, q, gradient)
    const { first, second } = TwoLayer.pullback(closed, q)
    assertClose(gradient, [...first, ...second], 1e-12)
  })
})

describe("other arithmetic", () => {
  it("is the same in a memory of its own, and nearly in float32", () => {
    const { architecture, features, network, start } = net({ widths: [40, 300], samples: 90 })
    const plain = ntkNetwork({
      architecture,
      features,
      kernels: Kernels.reference().withCapacity(2 ** 26),
    })
    const single = ntkNetwork({ architecture, features: Float32Array.from(features) })
    const [a, b] = [new Float64Array(90), new Float64Array(90)]
    network.predict(start, a)
    plain.predict(start, b)
    assertClose(b, a, 1e-12)
    const c = new Float32Array(90)
    single.predict(Float32Array.from(start), c)
    assertClose(c, a, 1e-4)
    const [wide, narrow] = [new Float64Array(8100), new Float64Array(8100)]
    network.tangentKernel(wide)
    single.tangentKernel(narrow)
    assertClose(narrow, wide, 1e-4)
  })

  it("refuses features that are not rows, or not finite, and parameters of another length", () => {
    const architecture = ntkArchitecture({ widths: [3, 2] })
    assert.throws(
      () => ntkNetwork({ architecture, features: new Float64Array(4) }),
      InvalidInput,
      /rows/,
    )
    assert.throws(
      () => ntkNetwork({ architecture, features: Float64Array.of(1, Number.NaN, 2) }),
      InvalidInput,
      /finite/,
    )
    const network = ntkNetwork({ architecture, features: new Float64Array(3) })
    assert.throws(
      () => network.predict(new Float64Array(2), new Float64Array(1)),
      InvalidInput,
      /parameters/,
    )
    assert.throws(() => ntkArchitecture({ widths: [0] }), InvalidInput, /width/)
  })
})
