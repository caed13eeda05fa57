/** Many steps as one call: the bits of single steps, whatever ends them. */
import { Kernels } from "@nonconvex/numerics"
import fc from "fast-check"
import { assert, describe, it } from "vitest"
import {
  capped,
  catapultDescent,
  descentOf,
  logisticLoss,
  meanSquared,
  milestones,
  raising,
  type RateControl,
  sampleDescent,
  sumSquared,
} from "../../src/index.ts"
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

const controls: Readonly<Record<string, () => RateControl>> = {
  "a constant rate": () => milestones([[0, 0.5]]),
  "a rate that loses the run": () => milestones([[0, 200]]),
  milestones: () =>
    milestones([
      [0, 0.5],
      [7, 3],
      [9, 1],
      [40, 2],
    ]),
  raises: () => raising({ raises: 3, first: 5, gap: 4, multiple: 1.4 }),
  "a raise that waits": () => raising({ raises: 2, first: 3, gap: 1, multiple: 1.8 }),
  capped: () => capped(raising({ raises: 2, first: 5, gap: 4 }), 0.95, 7),
}

describe("catapultDescent, many steps at once", () => {
  it.each(Object.keys(controls))("has the bits of single steps: %s", (name) => {
    let calls = 0
    fc.assert(
      fc.property(
        fc.boolean(),
        fc.constantFrom(1e-3, 0.05, 0.5),
        fc.constantFrom(1, 40, 500),
        fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 5 }),
        (isInSamples, tolerance, budget, counts) => {
          const [n, d] = [6, isInSamples ? 9 : 3]
          const { network, start } = net({ widths: [d, 12], samples: n })
          const begin = () => {
            const descent = descentOf(network, losses.mean(n), start)
            const advance: typeof descent.advance = (...given) => {
              calls++
              return descent.advance(...given)
            }
            const options = { control: controls[name]!(), tolerance, budget }
            return catapultDescent({ ...descent, advance }, options)
          }
          const [one, other] = [begin(), begin()]
          for (const count of counts) {
            const loss = one.advance(count)
            let expected = other.state.loss
            for (let k = 0; k < count && other.state.outcome === "running"; k++)
              expected = other.step()
            assert.strictEqual(loss, expected)
            assert.deepStrictEqual(one.state, other.state)
          }
          assert.deepStrictEqual(one.spikes(), other.spikes())
          assert.deepStrictEqual(one.failure()?.message, other.failure()?.message)
        },
      ),
    )
    assert.isAbove(calls, 0)
  })

  it("does not take for held what changes", () => {
    const { network, start } = net({ widths: [9, 12], samples: 6 })
    const hasty = { ...controls["milestones"]!(), heldUntil: () => 20 }
    const [one, other] = [hasty, controls["milestones"]!()].map((control) =>
      catapultDescent(descentOf(network, losses.mean(6), start), { control }),
    )
    one!.advance(20)
    other!.advance(20)
    assert.notDeepEqual(one!.state, other!.state)
  })
})
