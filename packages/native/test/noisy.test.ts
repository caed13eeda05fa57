/** Compiled runs of descent with noise on the labels, whose lanes hold neurons. */
import { Kernels } from "@nonconvex/numerics"
import fc from "fast-check"
import { assert, describe, it } from "vitest"
import { compiled } from "./support/Found.ts"
import { below, near, normals, roundings, total } from "./support/Runs.ts"

const plain = Kernels.reference()

/** Within a vector of any width, whole ones and several. */
const width = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 1, max: 12 }) },
  { weight: 1, arbitrary: fc.constantFrom(16, 17, 31, 32, 33, 64, 65, 100) },
)

describe("descent with noise on the labels", () => {
  const drawn = fc.record({
    seed: fc.nat(1000),
    n: fc.integer({ min: 1, max: 9 }),
    // one datum a step of a few vectors of neurons has a loop of its own
    neurons: fc.oneof(width, fc.integer({ min: 1, max: 34 })),
    batch: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 9 })),
  })

  type Drawn = typeof drawn extends fc.Arbitrary<infer A> ? A : never

  const problem = ({ batch, n, neurons, seed }: Drawn, count: number) => {
    const x = normals(seed, "features", n * 3, 0.5)
    const gram = new Float64Array(n * n)
    plain.syrk(false, n, 3, 1, x, 0, gram)
    return {
      gram,
      steps: {
        neurons,
        slope: 1,
        rate: 0.01,
        labels: normals(seed, "labels", n),
        batch,
        indices: below(seed, "indices", count * batch, n),
        epsilon: normals(seed, "epsilon", count * batch, 0.1),
      },
      z: normals(seed, "z", n * neurons, 0.5),
      coefficients: normals(seed, "coefficients", n * neurons),
    }
  }

  it("a step is that of the plain loops to rounding", () => {
    compiled((native) => {
      fc.assert(
        fc.property(drawn, (given) => {
          const { coefficients, gram, steps, z } = problem(given, 1)
          const [actual, expected] = [0, 1].map(() => [z.slice(), coefficients.slice()] as const)
          assert.strictEqual(native.noisyPreactivations(steps, gram, ...actual!), 1)
          assert.strictEqual(plain.noisyPreactivations(steps, gram, ...expected!), 1)
          const size = total(z)
          const residual = size ** 3 + size + total(steps.labels) + total(steps.epsilon)
          const moved = steps.rate * residual * (3 * size * size + 1)
          const terms = given.neurons + given.batch + 20
          near("z", actual![0], expected![0], roundings(terms, size + total(gram) * moved))
          near(
            "coefficients",
            actual![1],
            expected![1],
            roundings(terms, total(coefficients) + moved),
          )
        }),
      )
    })
  })

  it("a run is its steps to the bit", () => {
    compiled((native) => {
      fc.assert(
        fc.property(drawn, (given) => {
          const { coefficients, gram, steps, z } = problem(given, 5)
          const [together, stepwise] = [0, 1].map(() => [z.slice(), coefficients.slice()] as const)
          assert.strictEqual(native.noisyPreactivations(steps, gram, ...together!), 5)
          for (let t = 0; t < 5; t++) {
            const [from, to] = [t * given.batch, (t + 1) * given.batch]
            const indices = steps.indices.subarray(from, to)
            const one = { ...steps, indices, epsilon: steps.epsilon.subarray(from, to) }
            assert.strictEqual(native.noisyPreactivations(one, gram, ...stepwise!), 1)
          }
          assert.deepStrictEqual(stepwise, together)
        }),
      )
    })
  })

  describe("of many, each on data of its own", () => {
    const many = fc.record({
      seed: fc.nat(1000),
      n: fc.integer({ min: 1, max: 6 }),
      neurons: width,
      count: fc.integer({ min: 2, max: 17 }),
      // those of a chunk and of the next ones
      steps: fc.constantFrom<Array<number>>(0, 1, 2, 63, 64, 65, 130),
    })

    type Many = typeof many extends fc.Arbitrary<infer A> ? A : never

    const expand = ({ count, n, neurons, seed, steps }: Many) => {
      const given = { seed, n, neurons, batch: 1 }
      const { gram, steps: network } = problem(given, steps)
      // so small that no step is far from where the last one was
      const deviation = 0.3 / Math.sqrt(neurons)
      const runs = Array.from({ length: count }, (_, r) => ({
        indices: below(seed, `indices ${r}`, steps, n),
        epsilon: normals(seed, `epsilon ${r}`, steps, 0.1),
        z: normals(seed, `z ${r}`, n * neurons, deviation),
        coefficients: normals(seed, `coefficients ${r}`, n * neurons),
      }))
      return { gram, network, runs }
    }

    type Run = ReturnType<typeof expand>["runs"][number]

    /** By the plain loops, one after the other; how many steps each can take. */
    const alone = (given: ReturnType<typeof expand>, runs: ReadonlyArray<Run>) =>
      runs.map(({ coefficients, z, ...own }) =>
        plain.noisyPreactivations({ ...given.network, ...own }, given.gram, z, coefficients),
      )

    const copies = (runs: ReadonlyArray<Run>) =>
      runs.map((run) => ({ ...run, z: run.z.slice(), coefficients: run.coefficients.slice() }))

    const isNear = (actual: ReadonlyArray<Run>, expected: ReadonlyArray<Run>) => {
      for (const [r, { coefficients, z }] of actual.entries()) {
        near(`z ${r}`, z, expected[r]!.z, 1e-12)
        near(`coefficients ${r}`, coefficients, expected[r]!.coefficients, 1e-12)
      }
    }

    it("are those of the plain loops to rounding", () => {
      compiled((native) => {
        fc.assert(
          fc.property(many, (run) => {
            const given = expand(run)
            const [actual, expected] = [copies(given.runs), copies(given.runs)]
            assert.strictEqual(native.noisyTogether(given.network, given.gram, actual), run.steps)
            assert.isTrue(alone(given, expected).every((taken) => taken === run.steps))
            isNear(actual, expected)
          }),
        )
      })
    })

    it("stop together before a residual whose square is not finite", () => {
      compiled((native) => {
        fc.assert(
          fc.property(many, fc.nat(16), fc.nat(64), (run, which, when) => {
            const given = expand(run)
            const stop = when % (run.steps + 1)
            const { epsilon } = given.runs[which % run.count]!
            epsilon.fill(1e300, stop)
            const [actual, expected] = [copies(given.runs), copies(given.runs)]
            assert.strictEqual(native.noisyTogether(given.network, given.gram, actual), stop)
            const until = expected.map((own) => ({
              ...own,
              indices: own.indices.subarray(0, stop),
              epsilon: own.epsilon.subarray(0, stop),
            }))
            assert.isTrue(alone(given, until).every((taken) => taken === stop))
            isNear(actual, expected)
          }),
        )
      })
    })

    it("of more data than come by selects are left to one after the other", () => {
      compiled((native) => {
        const given = expand({ seed: 1, n: 7, neurons: 4, count: 3, steps: 5 })
        const runs = copies(given.runs)
        assert.isUndefined(native.noisyTogether(given.network, given.gram, runs))
        assert.deepStrictEqual(runs, given.runs)
      })
    })

    it("throw what the embedded kernels throw", () => {
      compiled((native) => {
        const given = expand({ seed: 1, n: 3, neurons: 4, count: 3, steps: 5 })
        const call = (more: Partial<Run>) => () =>
          native.noisyTogether(given.network, given.gram, [
            ...given.runs.slice(1),
            { ...given.runs[0]!, ...more },
          ])
        assert.throws(call({ indices: new Uint32Array(5).fill(3) }), /data/)
        assert.throws(call({ indices: new Uint32Array(4) }), /indices/)
        assert.throws(call({ epsilon: new Float64Array(4) }), /epsilon/)
        assert.throws(call({ z: new Float64Array(11) }), /z/)
        const [{ indices: _, ...onAll }, ...others] = given.runs as [Run, ...Array<Run>]
        const mixed = () => native.noisyTogether(given.network, given.gram, [...others, onAll])
        assert.throws(mixed, /indices/)
      })
    })
  })

  it("stops before a residual whose square is not finite, and throws what the embedded kernels throw", () => {
    compiled((native) => {
      const { coefficients, gram, steps, z } = problem({ seed: 3, n: 2, neurons: 9, batch: 2 }, 3)
      const huge = z.map(() => 1e60)
      const before = coefficients.slice()
      assert.strictEqual(native.noisyPreactivations(steps, gram, huge, coefficients), 0)
      assert.isTrue(huge.every((value) => value === 1e60))
      const call =
        (more: Partial<typeof steps>, to: Float64Array = z) =>
        () =>
          native.noisyPreactivations({ ...steps, ...more }, gram, to, coefficients)
      assert.throws(call({ indices: steps.indices.map(() => 2) }), /data/)
      assert.throws(call({ epsilon: new Float64Array(5) }), /epsilon/)
      assert.throws(call({ batch: 4 }), /batches/)
      assert.throws(call({ rate: Number.NaN }), /rate/)
      assert.throws(call({ neurons: 8 }), /z/)
      assert.throws(call({}, coefficients), /overlap/)
      assert.deepStrictEqual(coefficients, before)
    })
  })
})
