import { labelNoiseSgd, noisyDescent, twoLayer } from "@nonconvex/label-noise"
import type { Form } from "../../src/descent/NoisyDescent.ts"
import { Kernels, RandomStream, Seed } from "@nonconvex/numerics"
import * as TwinLaw from "@nonconvex/problems/TwinLaw"
import * as fc from "fast-check"
import { assert, describe, it } from "vitest"
import type { Sampling } from "../../src/descent/LabelNoiseSgd.ts"
import * as Activation from "../../src/network/Activation.ts"

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

describe("the twin of label-noise SGD", () => {
  it("has the bits of the steps on given data, and stops before one whose loss is not finite", () => {
    fc.assert(
      fc.property(networks, fc.nat(), (drawn, chosen) => {
        const { network, start, stream } = expand(drawn)
        const { kernels } = network
        const batch = 1 + (chosen % drawn.size)
        const indices = Uint32Array.from({ length: batch * drawn.steps }, () =>
          stream.integer(drawn.size),
        )
        const epsilon = stream.normals(indices.length)
        const [run, single] = [1, 2].map(() => noisyDescent(network, start, batch, drawn.form))
        if (kernels.load === undefined || run!.twin === undefined) return
        let taken = 0
        for (; taken < drawn.steps; taken++) {
          const [from, to] = [taken * batch, (taken + 1) * batch]
          const data = indices.subarray(from, to)
          const loss = single!.step(data, epsilon.subarray(from, to), drawn.rate)
          if (!Number.isFinite(loss)) break
        }
        assert.strictEqual(run!.twin(indices, epsilon, drawn.rate, kernels), taken)
        assert.deepStrictEqual(run!.position, single!.position)
      }),
      { numRuns: 300 },
    )
  })

  it("obeys the law of twins, for every sampling, until runs diverge and after", () => {
    const samplings = fc.constantFrom<Array<Sampling>>("full", "replacement", "epoch")
    const distributions = fc.constantFrom("gaussian" as const, "rademacher" as const)
    let byTwin = 0
    fc.assert(
      fc.property(networks, samplings, distributions, (drawn, sampling, distribution) => {
        const { network, start } = expand(drawn)
        const method = labelNoiseSgd({
          learningRate: drawn.rate,
          noise: 0.1,
          sampling,
          distribution,
          antithetic: drawn.seed % 2 === 1,
          form: drawn.form,
          ...(sampling === "full" ? {} : { batch: 1 + (drawn.seed % drawn.size) }),
          seed: Seed.root(drawn.seed),
        })
        const begin = () =>
          [start, start.map((value) => value / 2)].map((at) => method.init(network, at))
        // a few more than are drawn together
        const steps = 1000 + drawn.steps
        const { kernels } = network
        const { differences, taken } = TwinLaw.compare(method, begin, {
          steps,
          stop: drawn.steps,
          kernels,
        })
        assert.deepStrictEqual(differences, [])
        byTwin += taken
      }),
      { numRuns: 40 },
    )
    assert.isAbove(byTwin, 0)
  })

  it("is not there for another sweep, nor where its memory has no room", () => {
    const drawn = {
      seed: 1,
      build: "strict",
      activation: Activation.cubic(1),
      size: 2,
      dimension: 2,
      neurons: 3,
      form: "preactivations",
      steps: 3,
      rate: 0.1,
    } as const
    const { network, start, stream } = expand(drawn)
    const activation = { ...Activation.cubic(1), cubicSlope: undefined }
    assert.isUndefined(noisyDescent({ ...network, activation }, start, 1, drawn.form).twin)
    const { position, twin } = noisyDescent(network, start, 1, drawn.form)
    const before = structuredClone(position)
    const small = Kernels.makeStrict({ capacity: 64 })
    assert.strictEqual(twin!(Uint32Array.of(0, 1, 0), stream.normals(3), 0.1, small), 0)
    assert.deepStrictEqual(position, before)
  })
})
