import {
  Activation,
  advanceLabelNoise,
  type Form,
  labelNoise,
  noisyDescent,
  parametersOf,
  runTogether,
  type Sampling,
  stepLabelNoise,
  twoLayer,
} from "@nonconvex/label-noise"
import { Kernels, RandomStream, Seed } from "@nonconvex/numerics"
import { Snapshot } from "@nonconvex/problems"
import * as fc from "fast-check"
import { assert, describe, it } from "vitest"

const builds = { strict: Kernels.strict(), reference: Kernels.reference() }

const networks = fc.record({
  seed: fc.nat(1000),
  build: fc.constantFrom("strict" as const, "reference" as const),
  activation: fc.constantFrom(Activation.cubic(1), Activation.cubic(0), Activation.sinh),
  size: fc.integer({ min: 1, max: 5 }),
  dimension: fc.integer({ min: 1, max: 5 }),
  neurons: fc.integer({ min: 1, max: 7 }),
  form: fc.constantFrom<Array<Form>>("parameters", "preactivations"),
  steps: fc.nat(60),
  /** The last of them makes most runs diverge. */
  rate: fc.constantFrom(0.01, 0.1, 20),
})

type Drawn = typeof networks extends fc.Arbitrary<infer A> ? A : never

const expand = ({ activation, build, dimension, neurons, seed, size }: Drawn) => {
  const stream = RandomStream.make(Seed.root(seed))
  const features = stream.normals(size * dimension)
  const labels = stream.normals(size)
  const kernels = builds[build]
  const network = twoLayer({ activation, features, labels, dimension, neurons, kernels })
  return { network, start: stream.normals(neurons * dimension), stream }
}

describe("runs of label noise", () => {
  it("have the bits of single steps, or stay where they were", () => {
    fc.assert(
      fc.property(networks, fc.nat(), (drawn, chosen) => {
        const { network, start, stream } = expand(drawn)
        const batch = 1 + (chosen % drawn.size)
        const indices = Uint32Array.from({ length: batch * drawn.steps }, () =>
          stream.integer(drawn.size),
        )
        const epsilon = stream.normals(indices.length)
        const [run, single] = [1, 2].map(() => noisyDescent(network, start, batch, drawn.form))
        let taken = 0
        for (; taken < drawn.steps; taken++) {
          const [from, to] = [taken * batch, (taken + 1) * batch]
          const data = indices.subarray(from, to)
          if (!single!.step(data, epsilon.subarray(from, to), drawn.rate)) break
        }
        const isWhole = run!.run(indices, epsilon, drawn.rate)
        assert.strictEqual(isWhole, taken === drawn.steps)
        const expected = isWhole ? single! : noisyDescent(network, start, batch, drawn.form)
        assert.deepStrictEqual(run!.position, expected.position)
      }),
      { numRuns: 300 },
    )
  })

  it("of many have the bits of each alone, or all stay where they were", () => {
    fc.assert(
      fc.property(networks, fc.integer({ min: 0, max: 5 }), (drawn, count) => {
        const { network, start, stream } = expand(drawn)
        const n = drawn.size
        const indices = Uint32Array.from({ length: n * drawn.steps }, (_, k) => k % n)
        const epsilon = Array.from({ length: count }, () => stream.normals(indices.length))
        const begin = () => epsilon.map(() => noisyDescent(network, start, n, drawn.form))
        const [together, alone] = [begin(), begin()]
        const isWhole = runTogether(together, epsilon, drawn.rate)
        const each = alone.map((descent, r) => descent.run(indices, epsilon[r]!, drawn.rate))
        assert.strictEqual(isWhole, each.every(Boolean))
        const expected = isWhole ? alone : begin()
        assert.deepStrictEqual(
          together.map(({ position }) => position),
          expected.map(({ position }) => position),
        )
      }),
      { numRuns: 200 },
    )
  })

  it("of many, each on data of its own, have the bits of each alone, or all stay where they were", () => {
    fc.assert(
      fc.property(networks, fc.integer({ min: 0, max: 5 }), fc.nat(), (drawn, count, chosen) => {
        const { network, start, stream } = expand(drawn)
        const batch = 1 + (chosen % drawn.size)
        const length = batch * drawn.steps
        const indices = Array.from({ length: count }, () =>
          Uint32Array.from({ length }, () => stream.integer(drawn.size)),
        )
        const epsilon = indices.map(() => stream.normals(length))
        const begin = () => indices.map(() => noisyDescent(network, start, batch, drawn.form))
        const [together, alone] = [begin(), begin()]
        const isWhole = runTogether(together, epsilon, drawn.rate, indices)
        const each = alone.map((descent, r) => descent.run(indices[r]!, epsilon[r]!, drawn.rate))
        assert.strictEqual(isWhole, each.every(Boolean))
        const expected = isWhole ? alone : begin()
        assert.deepStrictEqual(
          together.map(({ position }) => position),
          expected.map(({ position }) => position),
        )
      }),
      { numRuns: 200 },
    )
  })

  it("of a seed leave the state that single steps leave, or end with the step that diverges", () => {
    const samplings = fc.constantFrom<Array<Sampling>>("full", "replacement", "epoch")
    const distributions = fc.constantFrom("gaussian" as const, "rademacher" as const)
    fc.assert(
      fc.property(networks, samplings, distributions, (drawn, sampling, distribution) => {
        const { network, start } = expand(drawn)
        const begin = () =>
          labelNoise(network, start, {
            learningRate: drawn.rate,
            noise: 0.1,
            sampling,
            distribution,
            form: drawn.form,
            ...(sampling === "full" ? {} : { batch: 1 + (drawn.seed % drawn.size) }),
            seed: Seed.root(drawn.seed),
          })
        // a few more than are drawn together
        const steps = 1000 + drawn.steps
        const [run, single] = [begin(), begin()]
        while (single.steps < steps && single.status === "running") stepLabelNoise(single)
        if (single.status === "running") advanceLabelNoise(run, steps)
        else assert.throws(() => advanceLabelNoise(run, steps), /diverge|finite|transient/i)
        const dataOf = (state: typeof run) => Snapshot.write({ ...state, descent: undefined })
        assert.deepStrictEqual(dataOf(run), dataOf(single))
        assert.deepStrictEqual(parametersOf(run), parametersOf(single))
      }),
      { numRuns: 40 },
    )
  })
})
