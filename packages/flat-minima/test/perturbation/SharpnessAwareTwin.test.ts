import { Draws, sharpnessAwarePerturbation, sparseRecovery } from "@nonconvex/flat-minima"
import { Kernels, RandomStream, Seed } from "@nonconvex/numerics"
import { advance } from "@nonconvex/problems"
import * as TwinLaw from "@nonconvex/problems/TwinLaw"
import * as fc from "fast-check"
import { assert, describe, it } from "vitest"
import { diagonalNetwork } from "../../src/problems/DiagonalNetwork.ts"

const builds = { strict: Kernels.strict(), reference: Kernels.reference() }

const sources = {
  published: (seed: number) => Draws.published(seed),
  streams: (seed: number) => Draws.fromSeed(Seed.root(seed)),
}

const runs = fc.record({
  seed: fc.nat(1000),
  build: fc.constantFrom("strict" as const, "reference" as const),
  source: fc.constantFrom("published" as const, "streams" as const),
  samples: fc.integer({ min: 1, max: 5 }),
  width: fc.integer({ min: 1, max: 7 }),
  steps: fc.nat(150),
  stop: fc.nat(150),
  /** The last of them makes most runs diverge. */
  rate: fc.constantFrom(0.01, 0.05, 3),
  gradientThreshold: fc.constantFrom(0.5, 2, Number.POSITIVE_INFINITY),
  batchSize: fc.constantFrom(1, 1, 1, 2),
  antithetic: fc.constantFrom(false, false, true),
  count: fc.integer({ min: 1, max: 5 }),
  /** Index of the state that starts where there is no gradient, and of one on its own network, if there are so many states. */
  still: fc.nat(9),
  apart: fc.nat(9),
})

type State = ReturnType<ReturnType<typeof sharpnessAwarePerturbation>["init"]>

/** All data of a state except what is stale after a plain step: that comes from an earlier perturbed step. */
const dataOf = (gradientThreshold: number) => (state: State) => {
  const none = new Float64Array(0)
  const stale = { direction: none, move: none, perturbed: none, perturbedGradient: none }
  const wasPlain = state.status === "diverged" || state.gradientNorm > gradientThreshold
  return wasPlain ? { ...state, ...stale, perturbedNorm: 0 } : state
}

describe("runs of sharpness-aware perturbation on diagonal networks", () => {
  it("have the bits and the states of single steps, until they diverge and after", () => {
    let taken = 0
    fc.assert(
      fc.property(runs, (given) => {
        const { apart, build, count, rate, samples, seed, source, steps, still, stop, width } =
          given
        const method = sharpnessAwarePerturbation({
          ...given,
          learningRate: rate,
          plainLearningRate: rate,
          radius: 0.1,
          draws: sources[source](seed),
        })
        const begin = () => {
          const stream = RandomStream.make(Seed.root(seed))
          const [network, other] = [0, 1].map(() =>
            diagonalNetwork({
              matrix: stream.normals(samples * width),
              labels: stream.normals(samples),
            }),
          )
          // some have steps behind them: no two stand at one place in their draws
          return Array.from({ length: count }, (_, r) => {
            const start = stream.normals(2 * width)
            if (r === still) start.fill(0)
            const state = method.init(r === apart ? other! : network!, start)
            for (let t = 0; t < r && state.status === "running"; t++) method.step(state)
            return state
          })
        }
        const outcome = TwinLaw.compare(method, begin, {
          steps,
          stop,
          kernels: builds[build],
          dataOf: dataOf(given.gradientThreshold),
        })
        assert.deepStrictEqual(outcome.differences, [])
        taken += outcome.taken
      }),
      { numRuns: 200 },
    )
    assert.isAbove(taken, 1000)
  })

  it("take single steps of a network one of whose functions is another", () => {
    const { network, start } = sparseRecovery()
    let asked = 0
    const counted = {
      ...network,
      form: undefined,
      predictionGradient: (i: number, x: Float64Array, out: Float64Array) => {
        asked++
        return network.predictionGradient(i, x, out)
      },
    }
    const method = sharpnessAwarePerturbation({
      learningRate: 0.01,
      plainLearningRate: 0.01,
      radius: 0.1,
      gradientThreshold: Number.POSITIVE_INFINITY,
      draws: Draws.published(1),
    })
    const [state, plain] = [method.init(counted, start), method.init(network, start)]
    advance(method, [state], 100)
    advance(method, [plain], 100)
    assert.strictEqual(asked, 100)
    assert.deepStrictEqual(state.point, plain.point)
  })
})
