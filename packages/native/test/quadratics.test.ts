/** Compiled gradient descent on quadratics: a step is that of the plain loops to rounding, and a run is its steps to the bit. */
import { Kernels } from "@nonconvex/numerics"
import fc from "fast-check"
import { assert, describe, it } from "vitest"
import { compiled } from "./support/Found.ts"
import { near, normals, roundings, total } from "./support/Runs.ts"

const plain = Kernels.reference()

/** On both sides of the order up to which rows are whole. */
const order = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 1, max: 40 }) },
  { weight: 1, arbitrary: fc.constantFrom(64, 100, 160, 161, 203) },
)

const drawn = fc.record({
  n: order,
  seed: fc.nat(1000),
  rate: fc.constantFrom(0.02, 0.3, -0.1),
  glides: fc.boolean(),
  isBeside: fc.boolean(),
})

/** A symmetric matrix whose upper triangle nobody may read, and the other numbers. */
const given = ({ n, seed }: { readonly n: number; readonly seed: number }) => {
  const a = normals(seed, "a", n * n, 1 / Math.sqrt(n))
  for (let i = 0; i < n; i++) a.fill(Number.NaN, i * n + i + 1, (i + 1) * n)
  return { a, c: normals(seed, "c", n), x: normals(seed, "x", n) }
}

/** An error, a pull and an acceleration of so many steps from `ahead`, or less of these. */
const runOf = (
  { glides, isBeside, n, seed }: { glides: boolean; isBeside: boolean; n: number; seed: number },
  ahead: Float64Array,
  steps: number,
  from = 0,
): Kernels.QuadraticRun => ({
  ...(isBeside && {
    error: normals(seed, "error", n),
    pull: { strength: 0.1, center: normals(seed, "center", n) },
  }),
  ...(glides && {
    acceleration: {
      ahead,
      momenta: normals(seed, "momenta", 7)
        .map(Math.abs)
        .subarray(from, from + steps),
    },
  }),
})

describe("descents on quadratics", () => {
  it("a step is that of the plain loops to rounding", () => {
    compiled((native) => {
      fc.assert(
        fc.property(drawn, ({ rate, ...how }) => {
          const { n, seed } = how
          const { a, c, x } = given({ n, seed })
          const [actual, expected] = [x.slice(), x.slice()]
          const [aheadOfActual, aheadOfExpected] = [x.slice(), x.slice()]
          const one = runOf(how, aheadOfActual, 1)
          const other = runOf(how, aheadOfExpected, 1)
          assert.strictEqual(native.descendQuadratic(n, 1, rate, a, c, actual, one), 1)
          assert.strictEqual(plain.descendQuadratic(n, 1, rate, a, c, expected, other), 1)
          const largest = a.reduce((most, value) => Math.max(most, Math.abs(value) || 0), 0)
          const beside = total(normals(seed, "error", n)) + total(normals(seed, "center", n))
          const size =
            total(x) + Math.abs(rate) * (largest * total(x) + total(c) + beside + total(x))
          near("point", actual, expected, roundings(n + 9, size))
          const most = 1 + 2 * Math.abs(normals(seed, "momenta", 7)[0]!)
          near("ahead", aheadOfActual, aheadOfExpected, roundings(n + 12, most * size))
        }),
      )
    })
  })

  it("a run is its steps, to the bit", () => {
    compiled((native) => {
      fc.assert(
        fc.property(drawn, ({ rate, ...how }) => {
          const { n, seed } = how
          const { a, c, x } = given({ n, seed })
          const [whole, stepwise] = [x.slice(), x.slice()]
          const [aheadOfWhole, ahead] = [x.slice(), x.slice()]
          const run = runOf(how, aheadOfWhole, 7)
          assert.strictEqual(native.descendQuadratic(n, 7, rate, a, c, whole, run), 7)
          for (let t = 0; t < 7; t++)
            native.descendQuadratic(n, 1, rate, a, c, stepwise, runOf(how, ahead, 1, t))
          assert.deepStrictEqual(stepwise, whole)
          assert.deepStrictEqual(ahead, aheadOfWhole)
        }),
      )
    })
  })

  it("stops before a step whose change is not finite, as the plain loops do", () => {
    compiled((native) => {
      for (const n of [3, 30, 170]) {
        const a = new Float64Array(n * n).fill(1)
        const [c, x] = [new Float64Array(n), new Float64Array(n).fill(1)]
        const y = x.slice()
        const taken = native.descendQuadratic(n, 1000, 1e9, a, c, x)
        assert.strictEqual(taken, plain.descendQuadratic(n, 1000, 1e9, a, c, y))
        assert.isBelow(taken, 1000)
        assert.isTrue(x.every(Number.isFinite))
      }
    })
  })
})
