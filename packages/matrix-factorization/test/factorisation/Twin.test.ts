import { Kernels, RandomStream, Seed } from "@nonconvex/numerics"
import * as RelaxedKernels from "@nonconvex/numerics/RelaxedKernels"
import { gradientMethod, sgd } from "@nonconvex/problems"
import * as TwinLaw from "@nonconvex/problems/TwinLaw"
import * as fc from "fast-check"
import { assert, describe, it } from "vitest"
import { completion, deepFactorisation, dense, labelNoiseDescent } from "../../src/index.ts"

const builds = {
  strict: Kernels.strict(),
  relaxed: RelaxedKernels.relaxed(),
  reference: Kernels.reference(),
}

const instance = fc.record({
  seed: fc.nat(1000),
  build: fc.constantFrom("strict" as const, "relaxed" as const, "reference" as const),
  widths: fc.oneof(
    fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 3, maxLength: 5 }),
    fc.constantFrom([6, 20, 6], [12, 12, 12]),
  ),
  count: fc.integer({ min: 1, max: 5 }),
  sampling: fc.constantFrom(
    "full" as const,
    "full" as const,
    "replacement" as const,
    "epoch" as const,
  ),
  distribution: fc.constantFrom("gaussian" as const, "rademacher" as const),
  noise: fc.constantFrom(0.3, 0.3, 0),
  /** The last value makes most runs diverge. */
  learningRate: fc.constantFrom(1e-3, 1e-2, 3),
  runs: fc.integer({ min: 1, max: 5 }),
  /** Some runs have more steps than numbers drawn at once. */
  steps: fc.oneof(fc.nat(60), fc.integer({ min: 1000, max: 1500 })),
})

type Drawn = typeof instance extends fc.Arbitrary<infer A> ? A : never

const begin = ({ build, count, runs, sampling, seed, widths, ...options }: Drawn) => {
  const stream = RandomStream.make(Seed.root(seed))
  const rows = widths.at(-1)!
  const columns = widths[0]
  const objective = deepFactorisation({
    measurements: dense({
      rows,
      columns,
      matrices: stream.normals(count * rows * columns),
      kernels: builds[build],
    }),
    targets: stream.normals(count),
    widths,
  })
  const batch = sampling === "full" ? {} : { batch: 1 }
  const methodOf = (own: number) =>
    labelNoiseDescent({ ...options, sampling, ...batch, seed: Seed.root(own) })
  const states = Array.from({ length: runs }, (_, r) =>
    methodOf(r).init(objective, stream.normals(objective.dimension)),
  )
  return { method: methodOf(0), states, kernels: builds[build] }
}

describe("the twin of descent with label noise on deep factorisations", () => {
  it("obeys the law of twins, until runs diverge and after", () => {
    let byTwin = 0
    fc.assert(
      fc.property(instance, (drawn) => {
        const { kernels, method } = begin(drawn)
        const states = () => begin(drawn).states
        const { differences, taken } = TwinLaw.compare(method, states, {
          steps: drawn.steps,
          stop: drawn.seed % 40,
          kernels,
        })
        assert.deepStrictEqual(differences, [])
        byTwin += taken
      }),
      { numRuns: 100 },
    )
    assert.isAbove(byTwin, 0)
  })

  it("and that of gradient descent on completions", () => {
    let byTwin = 0
    fc.assert(
      fc.property(
        instance,
        fc.boolean(),
        ({ build, learningRate, runs, seed, steps, widths }, isRepeated) => {
          const stream = RandomStream.make(Seed.root(seed))
          const [rows, columns] = [widths.at(-1)!, widths[0]]
          const all = Array.from(
            { length: rows * columns },
            (_, at) => [Math.floor(at / columns), at % columns] as const,
          )
          const entries = all.filter((_, at) => at === 0 || stream.uniform() < 0.6)
          if (isRepeated) entries.push(entries[0]!)
          const kernels = builds[build]
          const objective = deepFactorisation({
            measurements: completion({ rows, columns, entries, kernels }),
            targets: stream.normals(entries.length),
            widths,
          })
          const method = gradientMethod(sgd({ learningRate }))
          const starts = Array.from({ length: runs }, () => stream.normals(objective.dimension))
          const states = () => starts.map((start) => method.init(objective, start))
          const { differences, taken } = TwinLaw.compare(method, states, { steps, kernels })
          assert.deepStrictEqual(differences, [])
          byTwin += taken
        },
      ),
      { numRuns: 100 },
    )
    assert.isAbove(byTwin, 0)
  })

  it.each(["relaxed", "reference"] as const)("is not there for %s kernels", (build) => {
    const drawn = {
      seed: 1,
      widths: [2, 2, 2],
      count: 3,
      sampling: "full",
      distribution: "gaussian",
      noise: 0.3,
      learningRate: 1e-3,
      runs: 1,
      steps: 10,
    } as const
    const { kernels, method, states } = begin({ ...drawn, widths: [2, 2, 2], build })
    assert.strictEqual(method.twin!(states, 10, kernels), 0)
  })
})
