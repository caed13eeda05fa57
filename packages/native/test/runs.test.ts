/** Compiled runs on single numbers and on layers: a step is that of the plain loops to rounding, a run is its steps, and several runs are runs of one, to the bit. */
import { Kernels } from "@nonconvex/numerics"
import fc from "fast-check"
import { assert, describe, it } from "vitest"
import { compiled } from "./support/Found.ts"
import { near, normals, roundings, total } from "./support/Runs.ts"

const plain = Kernels.reference()

/** Runs that fill one vector of any width, leave lanes, and need several. */
const severals = [2, 3, 4, 5, 8, 9, 17]

const perturbings = ["none", "normalised", "unnormalised"] as const

type Descend = Parameters<Kernels.Kernels["descend"]>

const points = (seed: number, runs: number): ReadonlyArray<Float64Array> =>
  Array.from({ length: runs }, (_, r) => normals(seed, `point ${r}`, 2, 2))

describe("descents on (xy - target)^2 / 2", () => {
  const drawn = fc.record({
    seed: fc.nat(1000),
    perturbing: fc.constantFrom(...perturbings),
    target: fc.constantFrom(0, 1.5, -3),
    rate: fc.constantFrom(0.01, -0.02),
    radius: fc.constantFrom(0.05, 0.3),
  })

  it("a step is that of the plain loops to rounding", () => {
    compiled((native) => {
      fc.assert(
        fc.property(drawn, ({ perturbing, radius, rate, seed, target }) => {
          const [point] = points(seed, 1)
          const [actual, expected] = [point!.slice(), point!.slice()]
          const objective = { kind: "product", target } as const
          const given = [objective, perturbing, 1, rate, radius] as const
          assert.strictEqual(native.descend(...given, [actual]), 1)
          assert.strictEqual(plain.descend(...given, [expected]), 1)
          const size = total(point!)
          const gradient = (size * size + Math.abs(target)) * size
          const reach =
            perturbing === "none" ? 0 : perturbing === "normalised" ? radius : radius * gradient
          const perturbed = size + reach
          const moved = (perturbed * perturbed + Math.abs(target)) * perturbed
          // of the errors of the perturbed point, 8 roundings, each factor of the gradient there has its share
          near("point", actual, expected, roundings(40, size + Math.abs(rate) * moved))
        }),
      )
    })
  })

  it("a run is its steps, and several runs are runs of one, to the bit", () => {
    compiled((native) => {
      fc.assert(
        fc.property(drawn, fc.constantFrom(...severals), (given, runs) => {
          const { perturbing, radius, rate, seed, target } = given
          const starts = points(seed, runs)
          const take = (steps: number, of: ReadonlyArray<Float64Array>) =>
            native.descend({ kind: "product", target }, perturbing, steps, rate, radius, of)
          const [together, alone, stepwise] = [0, 1, 2].map(() => starts.map((x) => x.slice())) as [
            Array<Float64Array>,
            Array<Float64Array>,
            Array<Float64Array>,
          ]
          const taken = take(20, together)
          // the first that diverges ends all
          const each = alone.map((point) => take(20, [point.slice()]))
          assert.strictEqual(taken, Math.min(...each))
          for (const point of alone) assert.strictEqual(take(taken, [point]), taken)
          for (let t = 0; t < taken; t++) assert.strictEqual(take(1, stepwise), 1)
          assert.deepStrictEqual(alone, together)
          assert.deepStrictEqual(stepwise, together)
        }),
      )
    })
  })

  it("stops before a step with a gradient of 0 or beside the largest numbers, and leaves the points before it", () => {
    compiled((native) => {
      const sam = (all: ReadonlyArray<Float64Array>, rate = 0.01): Descend => [
        { kind: "product", target: 0 },
        "normalised",
        100,
        rate,
        0.1,
        all,
      ]
      for (const start of [
        Float64Array.of(0, 0),
        Float64Array.of(1e160, 1),
        Float64Array.of(Number.NaN, 1),
      ])
        for (const beside of [[], [Float64Array.of(2, 3)]]) {
          const all = [...beside, start.slice()]
          assert.strictEqual(native.descend(...sam(all)), 0)
          assert.deepStrictEqual(all, [...beside, start])
        }
      // a rate that diverges: both stop at the same step
      const [actual, expected] = [Float64Array.of(2, 3), Float64Array.of(2, 3)]
      const taken = native.descend(...sam([actual], 10))
      assert.strictEqual(taken, plain.descend(...sam([expected], 10)))
      assert.isTrue(taken > 0 && taken < 100)
      assert.isTrue(actual.every(Number.isFinite))
    })
  })

  it("leaves quadratics along the axes, and what does not fit, to the embedded kernels", () => {
    compiled((native) => {
      const diagonal = {
        kind: "diagonal",
        spectrum: Float64Array.of(1, 2, 3),
        minimiser: new Float64Array(3),
      } as const
      const point = Float64Array.of(1, 1, 1)
      assert.strictEqual(native.descend(diagonal, "none", 1, 0.5, 0, [point]), 1)
      assert.deepStrictEqual(point, Float64Array.of(0.5, 0, -0.5))
      const product = { kind: "product", target: 0 } as const
      const two = [Float64Array.of(2, 3), Float64Array.of(2, 3)]
      assert.throws(() => native.descend(product, "normalised", 1, 0.1, 0, two), /radius/)
      assert.throws(() => native.descend(product, "none", 1, Number.NaN, 0, two), /rate/)
      assert.throws(() => native.descend(product, "none", 0.5, 0.1, 0, two), /dimensions/)
      assert.throws(
        () => native.descend(product, "none", 1, 0.1, 0, [...two, new Float64Array(3)]),
        /point/,
      )
      assert.deepStrictEqual(two, [Float64Array.of(2, 3), Float64Array.of(2, 3)])
      assert.strictEqual(native.descend(product, "none", 7, 0.1, 0, []), 7)
    })
  })
})

describe("gradient descent on layers", () => {
  const drawn = fc.record({
    seed: fc.nat(1000),
    widths: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 3, maxLength: 5 }),
    n: fc.integer({ min: 1, max: 4 }),
    noise: fc.constantFrom(0, 0.1),
  })

  type Drawn = typeof drawn extends fc.Arbitrary<infer A> ? A : never

  const problem = ({ n, noise, seed, widths }: Drawn, runs: number, steps: number) => {
    let dimension = 0
    for (let j = 1; j < widths.length; j++) dimension += widths[j]! * widths[j - 1]!
    const run = {
      widths: Int32Array.from(widths),
      matrices: normals(seed, "matrices", n * widths[0]! * widths.at(-1)!, 0.5),
      targets: normals(seed, "targets", n),
      noise,
      rate: 1e-3,
    }
    const each = (name: string, count: number) =>
      Array.from({ length: runs }, (_, r) => normals(seed, `${name} ${r}`, count, 0.5))
    return {
      run,
      points: each("point", dimension),
      epsilon: noise > 0 ? each("noise", n * steps) : [],
    }
  }

  it("a step is that of the plain loops to rounding", () => {
    compiled((native) => {
      fc.assert(
        fc.property(drawn, (given) => {
          const {
            epsilon,
            points: [point],
            run,
          } = problem(given, 1, 1)
          const [actual, expected, size] = [0, 1, 2].map(() => [point!.slice()]) as [
            [Float64Array],
            [Float64Array],
            [Float64Array],
          ]
          assert.strictEqual(native.descendLayers(run, 1, actual, epsilon), 1)
          plain.descendLayers(run, 1, expected, epsilon)
          // in magnitudes and with the signs of targets, noise and rate turned, nothing cancels
          size[0] = size[0].map(Math.abs)
          const magnitudes = {
            ...run,
            matrices: run.matrices.map(Math.abs),
            targets: run.targets.map((b) => -Math.abs(b)),
            rate: -run.rate,
          }
          plain.descendLayers(
            magnitudes,
            1,
            size,
            epsilon.map((e) => e.map((x) => -Math.abs(x))),
          )
          const terms = run.targets.length + run.matrices.length + 5 * given.widths.length + 10
          for (let i = 0; i < point!.length; i++) {
            const most = roundings(terms, size[0][i]!)
            near(`point[${i}]`, actual[0].subarray(i, i + 1), expected[0].subarray(i, i + 1), most)
          }
        }),
      )
    })
  })

  it("a run is its steps, and several runs are runs of one, to the bit", () => {
    compiled((native) => {
      fc.assert(
        fc.property(drawn, fc.constantFrom(...severals), (given, runs) => {
          const { epsilon, points: starts, run } = problem(given, runs, 6)
          const copies = () => starts.map((x) => x.slice())
          const [together, alone, stepwise] = [copies(), copies(), copies()]
          const n = run.targets.length
          assert.strictEqual(native.descendLayers(run, 6, together, epsilon), 6)
          for (let r = 0; r < runs; r++)
            native.descendLayers(run, 6, [alone[r]!], epsilon.slice(r, r + 1))
          for (let t = 0; t < 6; t++)
            native.descendLayers(
              run,
              1,
              stepwise,
              epsilon.map((e) => e.subarray(t * n, (t + 1) * n)),
            )
          assert.deepStrictEqual(alone, together)
          assert.deepStrictEqual(stepwise, together)
        }),
      )
    })
  })

  it("stops beside the largest numbers, and throws what the embedded kernels throw", () => {
    compiled((native) => {
      const run = {
        widths: Int32Array.of(1, 1, 1),
        matrices: Float64Array.of(1),
        targets: Float64Array.of(0),
        noise: 0,
        rate: 0.1,
      }
      for (const runs of [1, 2]) {
        const huge = Array.from({ length: runs }, () => Float64Array.of(1e100, 1e100))
        assert.strictEqual(native.descendLayers(run, 5, huge), 0)
        assert.deepStrictEqual(huge[0], Float64Array.of(1e100, 1e100))
      }
      const point = Float64Array.of(1, 1)
      assert.throws(() => native.descendLayers(run, 1, [point, new Float64Array(3)]), /points/)
      assert.throws(() => native.descendLayers({ ...run, rate: 1e101 }, 1, [point]), /rate/)
      assert.throws(() => native.descendLayers({ ...run, noise: 1 }, 1, [point]), /epsilon/)
      assert.throws(
        () => native.descendLayers({ ...run, widths: Int32Array.of(1, 1) }, 1, [point]),
        /widths/,
      )
      assert.deepStrictEqual(point, Float64Array.of(1, 1))
    })
  })
})
