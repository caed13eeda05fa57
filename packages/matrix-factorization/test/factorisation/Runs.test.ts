import { Kernels, RandomStream, Seed } from "@nonconvex/numerics"
import * as RelaxedKernels from "@nonconvex/numerics/RelaxedKernels"
import { advance, gradientMethod, sgd, Snapshot } from "@nonconvex/problems"
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
  /** The last makes most runs diverge. */
  learningRate: fc.constantFrom(1e-3, 1e-2, 3),
  runs: fc.integer({ min: 1, max: 5 }),
  /** Some have more steps than numbers that are drawn at once. */
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

describe("runs of label noise on deep factorisations", () => {
  it("have the bits and the states of single steps, until they diverge and after", () => {
    fc.assert(
      fc.property(instance, (drawn) => {
        const { steps } = drawn
        const [together, alone] = [begin(drawn), begin(drawn)]
        const losses = advance(together.method, together.states, steps, { kernels: together.kernels })
        for (const [r, state] of alone.states.entries()) {
          let loss = Number.NaN
          for (let t = 0; t < steps && state.status === "running"; t++)
            loss = alone.method.step(state)
          assert.deepStrictEqual(Snapshot.write(together.states[r]!), Snapshot.write(state))
          assert.strictEqual(Object.is(losses[r], loss), true)
        }
      }),
      { numRuns: 200 },
    )
  })

  it("and of gradient descent on completions", () => {
    fc.assert(
      fc.property(
        instance,
        fc.boolean(),
        ({ build, learningRate, seed, steps, widths }, isRepeated) => {
          const stream = RandomStream.make(Seed.root(seed))
          const [rows, columns] = [widths.at(-1)!, widths[0]]
          const all = Array.from(
            { length: rows * columns },
            (_, at) => [Math.floor(at / columns), at % columns] as const,
          )
          const entries = all.filter((_, at) => at === 0 || stream.uniform() < 0.6)
          if (isRepeated) entries.push(entries[0]!)
          const objective = deepFactorisation({
            measurements: completion({ rows, columns, entries, kernels: builds[build] }),
            targets: stream.normals(entries.length),
            widths,
          })
          const method = gradientMethod(sgd({ learningRate }))
          const start = stream.normals(objective.dimension)
          const [run, single] = [1, 2].map(() => method.init(objective, start))
          advance(method, [run!], steps, { kernels: builds[build] })
          for (let t = 0; t < steps && single!.status === "running"; t++) method.step(single!)
          assert.deepStrictEqual(Snapshot.write(run!), Snapshot.write(single!))
        },
      ),
      { numRuns: 150 },
    )
  })
})
