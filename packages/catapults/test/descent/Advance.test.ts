/** Many steps as one call: the bits of single steps, whatever ends them. */
import { Kernels } from "@nonconvex/numerics"
import fc from "fast-check"
import { assert, describe, it } from "vitest"
import { logisticLoss, meanSquared, sampleDescent, sumSquared } from "../../src/index.ts"
import { net, normals } from "../support/Nets.ts"

const signs = (n: number) => Float64Array.from({ length: n }, (_, k) => (k % 2 === 0 ? 1 : -1))

const losses = {
  mean: (n: number) => meanSquared(normals(n, "targets")),
  sum: (n: number) => sumSquared(normals(n, "targets"), 0.1),
  logistic: (n: number) => logisticLoss(signs(n)),
}

const drawn = fc.record({
  n: fc.integer({ min: 2, max: 9 }),
  m: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.constantFrom(257, 700)),
  activation: fc.constantFrom("relu" as const, "tanh" as const, "identity" as const),
  isHeld: fc.boolean(),
  isDouble: fc.boolean(),
  loss: fc.constantFrom<Array<keyof typeof losses>>("mean", "sum", "logistic"),
  count: fc.nat(12),
  rate: fc.constantFrom<Array<number>>(0.1, 1, 30),
  above: fc.constantFrom<Array<number>>(-Infinity, 0.5),
  kernels: fc.constantFrom(Kernels.strict(), Kernels.reference()),
})

describe("sampleDescent, many steps at once", () => {
  it("has the bits of single steps, and looks where they look", () => {
    fc.assert(
      fc.property(drawn, (given) => {
        const { above, activation, count, isDouble, isHeld, kernels, m, n, rate } = given
        const { architecture, features, start } = net({
          widths: [n + 3, m],
          samples: n,
          activation,
        })
        const as = (x: Float64Array) => (isDouble ? x : Float32Array.from(x))
        const make = () =>
          sampleDescent<Float64Array | Float32Array>({
            architecture,
            features: as(features),
            loss: losses[given.loss](n),
            start: as(start),
            kernels,
            ...(isHeld ? { gatesAt: as(start.map((x) => -x)) } : {}),
          })
        const [one, other] = [make(), make()]
        const limits = { above, atMost: 1e9 }
        const found = new Float64Array(count)
        const taken = one.advance(count, rate, found, limits)
        let stepped = 0
        const expected = new Float64Array(count)
        for (; stepped < count; stepped++) {
          const loss = (expected[stepped] = other.evaluate())
          if (!(loss > above && loss <= limits.atMost)) break
          other.move(rate)
        }
        assert.strictEqual(taken, stepped)
        assert.deepStrictEqual(found, expected)
        assert.deepStrictEqual(one.state, other.state)
        assert.deepStrictEqual(one.predictions, other.predictions)
        assert.deepStrictEqual(one.parameters(), other.parameters())
        if (count === 0) return
        const [a, b] = [new Float64Array(n * n), new Float64Array(n * n)]
        one.tangentKernel(a)
        other.tangentKernel(b)
        assert.deepStrictEqual(a, b)
        // a batch after it, and all samples again
        for (const descent of [one, other]) {
          descent.evaluate(Uint32Array.of(1, 0))
          descent.move(0.01)
        }
        assert.deepStrictEqual([one.evaluate(), one.state], [other.evaluate(), other.state])
      }),
    )
  })
})
