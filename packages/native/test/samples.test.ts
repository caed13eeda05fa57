/** Compiled runs in the space of the samples, whose blocks of columns threads share. */
import { Kernels } from "@nonconvex/numerics"
import { Effect } from "effect"
import fc from "fast-check"
import { assert, describe, it } from "vitest"
import { NativeKernels } from "../src/index.ts"
import { compiled } from "./support/Found.ts"
import { normals, roundings, total } from "./support/Runs.ts"

const plain = Kernels.reference()

const drawn = fc.record({
  seed: fc.nat(1000),
  n: fc.oneof(fc.integer({ min: 4, max: 20 }), fc.constantFrom(65, 96)),
  // within one block of columns, and in several
  m: fc.oneof(fc.integer({ min: 260, max: 300 }), fc.constantFrom(128, 129, 385, 512)),
  activation: fc.constantFrom(undefined, "identity", "relu", "square", "cube"),
})

type Drawn = typeof drawn extends fc.Arbitrary<infer A> ? A : never
type Floats = Float64Array | Float32Array

const unlimited = { above: -Infinity, atMost: Number.MAX_VALUE }

const problem = ({ activation, m, n, seed }: Drawn, as: (x: Float64Array) => Floats) => {
  const gram = new Float64Array(n * n)
  plain.syrk(false, n, 3, 1 / 3, normals(seed, "features", n * 3), 0, gram)
  const zeros = (count: number) => as(new Float64Array(count))
  return {
    activation: activation as Kernels.SamplesRun<Floats>["activation"],
    scale: 1 / Math.sqrt(m),
    targets: normals(seed, "targets", n),
    factor: 0.5 / n,
    gram: as(gram),
    z: as(normals(seed, "z", n * m)),
    moved: zeros(n * m),
    value: zeros(n * m),
    slope: as(normals(seed, "gates", n * m).map((x) => (x > 0 ? 1 : 0))),
    change: zeros(n * m),
    weights: as(normals(seed, "weights", m)),
    seen: zeros(m),
    predictions: zeros(n),
    adjoint: zeros(n),
  }
}

const double = (x: Float64Array): Floats => x.slice()
const single = (x: Float64Array): Floats => Float32Array.from(x)

const largest = (x: Float64Array): number => x.reduce((most, v) => Math.max(most, Math.abs(v)), 0)

/** The largest sum of magnitudes of a row. */
const widest = (matrix: Float64Array, columns: number): number =>
  Array.from({ length: matrix.length / columns }, (_, k) =>
    total(matrix.subarray(k * columns, (k + 1) * columns)),
  ).reduce((most, sum) => Math.max(most, sum), 0)

/** What roundings of 2^-53 may make of each number of a step: a bound on the magnitudes that it is summed of, and how many roundings there are one after the other. */
const boundsOf = ({ m, n }: Drawn, rate: number, run: ReturnType<typeof problem>) => {
  const [gram, slope, targets, value, weights, z] = (
    ["gram", "slope", "targets", "value", "weights", "z"] as const
  ).map((name) => Float64Array.from(run[name])) as [
    ...[Float64Array, Float64Array, Float64Array],
    ...[Float64Array, Float64Array, Float64Array],
  ]
  const [factor, scale, eta] = [run.factor, run.scale, Math.abs(rate)]
  const w = largest(weights)
  const f = scale * widest(value, m) * w
  const residual = f + largest(targets)
  const q = 2 * factor * residual
  const change = scale * q * largest(slope) * w
  return {
    losses: roundings(2 * m + n + 20, factor * n * residual * residual),
    value: roundings(4, largest(value)),
    slope: roundings(4, largest(slope)),
    seen: 0,
    predictions: roundings(m + 4, f),
    adjoint: roundings(m + 8, q),
    moved: roundings(m + 16, eta * change),
    weights: roundings(m + n + 12, w + eta * scale * q * n * largest(value)),
    z: roundings(m + n + 20, largest(z) + eta * widest(gram, n) * change),
  }
}

describe("descent in the samples", () => {
  it.each([
    { name: "float64", as: double, unit: 1 },
    { name: "float32", as: single, unit: 2 ** 29 },
  ])("a step is that of the plain loops to rounding, in $name", ({ as, unit }) => {
    compiled((native) => {
      fc.assert(
        fc.property(drawn, fc.constantFrom(0.1, -0.3), (given, rate) => {
          const step = (kernels: Kernels.Kernels, times = 1) => {
            const [run, losses] = [problem(given, as), new Float64Array(1)]
            assert.strictEqual(kernels.descendInSamples(run, 1, times * rate, losses, unlimited), 1)
            return { ...run, losses }
          }
          const expected = step(plain)
          const bounds = boundsOf(given, rate, expected)
          const compare = (actual: typeof expected) => {
            for (const name of Object.keys(bounds) as Array<keyof typeof bounds>) {
              const apart = Float64Array.from(actual[name], (x, k) => x - expected[name][k]!)
              assert.isAtMost(largest(apart), unit * bounds[name], name)
            }
          }
          compare(step(native))
          // a rate that is off by a fifth is no rounding
          assert.throws(() => compare(step(native, 1.2)), /moved|weights|z/)
        }),
        { numRuns: 30 },
      )
    })
  })

  it.each([
    { name: "float64", as: double },
    { name: "float32", as: single },
  ])("a run is its steps to the bit, on any number of threads, in $name", ({ as }) => {
    compiled((native) => {
      const two = Effect.runSync(NativeKernels.onThreads(2))
      fc.assert(
        fc.property(drawn, (given) => {
          const [together, shared, stepwise] = [1, 2, 3].map(() => problem(given, as))
          const losses = [1, 2, 3].map(() => new Float64Array(5))
          assert.strictEqual(native.descendInSamples(together!, 5, 0.1, losses[0]!, unlimited), 5)
          assert.strictEqual(two.descendInSamples(shared!, 5, 0.1, losses[1]!, unlimited), 5)
          for (let t = 0; t < 5; t++) {
            const one = losses[2]!.subarray(t, t + 1)
            assert.strictEqual(native.descendInSamples(stepwise!, 1, 0.1, one, unlimited), 1)
          }
          assert.deepStrictEqual([shared, stepwise], [together, together])
          assert.deepStrictEqual(losses.slice(1), [losses[0], losses[0]])
        }),
        { numRuns: 30 },
      )
    })
  })

  it("ends where the loss leaves its limits, and throws what the embedded kernels throw", () => {
    compiled((native) => {
      const given = { seed: 1, n: 8, m: 300, activation: "relu" } as const
      const [run, whole] = [problem(given, double), new Float64Array(6)]
      native.descendInSamples(run, 6, 0.1, whole, unlimited)
      const limited = problem(given, double)
      const losses = new Float64Array(6)
      const limits = { ...unlimited, above: whole[3]! }
      assert.strictEqual(native.descendInSamples(limited, 6, 0.1, losses, limits), 3)
      assert.deepStrictEqual(losses, Float64Array.of(...whole.subarray(0, 4), 0, 0))
      const call =
        (of: object, rate = 0.1, room = 6) =>
        () =>
          native.descendInSamples({ ...limited, ...of }, 6, rate, new Float64Array(room), limits)
      assert.throws(call({ gram: new Float64Array(5) }), /gram/)
      assert.throws(call({ moved: limited.z }), /overlap/)
      assert.throws(call({}, Number.NaN), /rate/)
      assert.throws(call({}, 0.1, 5), /losses/)
      // what has exponentials is left to single steps
      assert.isUndefined(call({ activation: "tanh" })())
    })
  })
})
