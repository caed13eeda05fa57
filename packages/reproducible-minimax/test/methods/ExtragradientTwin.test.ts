import { Kernels, RandomStream, Seed } from "@nonconvex/numerics"
import * as RelaxedKernels from "@nonconvex/numerics/RelaxedKernels"
import { advance, bilinearGame } from "@nonconvex/problems"
import * as Products from "@nonconvex/problems/Products"
import * as FeasibleSet from "@nonconvex/problems/FeasibleSet"
import * as Snapshot from "@nonconvex/problems/Snapshot"
import * as TwinLaw from "@nonconvex/problems/TwinLaw"
import * as fc from "fast-check"
import { assert, describe, it } from "vitest"
import {
  extragradient,
  optimisticGradient,
  type Problem,
  projectedGradient,
  regularised,
  saddlePoint,
  type Scheme,
} from "../../src/index.ts"
import * as ErrorStrategy from "../../src/oracle/ErrorStrategy.ts"
import { inexact, stochastic } from "../../src/oracle/InexactOracle.ts"

const schemes: Record<string, (step: number) => Scheme> = {
  descent: (step) => projectedGradient({ step }),
  extragradient: (step) => extragradient({ step }),
  optimistic: (step) => optimisticGradient({ step }),
}

const sets = {
  ball: FeasibleSet.ball(1),
  "a ball of no radius": FeasibleSet.ball(0),
  simplex: FeasibleSet.simplex(),
  space: FeasibleSet.wholeSpace,
  box: FeasibleSet.box(0.7),
}
const setNames = Object.keys(sets) as Array<keyof typeof sets>

const builds = {
  strict: Kernels.strict(),
  relaxed: RelaxedKernels.relaxed(),
  reference: Kernels.reference(),
}

/** What errs, from the stream of all runs or without one. */
const oracles: Record<string, (exact: Problem, stream: RandomStream.RandomStream) => Problem> = {
  exact: (exact) => exact,
  constant: (exact, stream) => {
    const { dimensions } = exact
    const direction = stream.normals(dimensions[0] + dimensions[1])
    return inexact(exact, ErrorStrategy.constant(direction), 0.1)
  },
  damping: (exact) => inexact(exact, ErrorStrategy.damping, 0.1),
  normal: (exact, stream) => stochastic(exact, stream, 0.1),
}

const instance = fc.record({
  seed: fc.nat(1000),
  scheme: fc.constantFrom(...Object.keys(schemes)),
  /** Alike for most, or no twin knows them. */
  min: fc.constantFrom(...setNames),
  max: fc.option(fc.constantFrom(...setNames), { nil: undefined, freq: 3 }),
  rows: fc.integer({ min: 1, max: 6 }),
  columns: fc.integer({ min: 1, max: 6 }),
  build: fc.constantFrom("strict" as const, "relaxed" as const, "reference" as const),
  oracle: fc.constantFrom(...Object.keys(oracles)),
  isRegularised: fc.boolean(),
  isPrecise: fc.boolean(),
  /** The last makes most runs on whole spaces diverge. */
  step: fc.constantFrom(0.1, 0.5, 1e6),
  runs: fc.integer({ min: 1, max: 5 }),
  steps: fc.nat(200),
  stop: fc.nat(200),
  until: fc.constantFrom(-1, -1, 0.3, 1e-3),
})

type Drawn = typeof instance extends fc.Arbitrary<infer A> ? A : never

const fewNumbers: Drawn = {
  seed: 1,
  scheme: "extragradient",
  min: "simplex",
  max: "simplex",
  rows: 2,
  columns: 2,
  build: "strict",
  oracle: "exact",
  isRegularised: false,
  isPrecise: true,
  step: 0.1,
  runs: 1,
  steps: 50,
  stop: 0,
  until: -1,
}

/** Runs in games of their own, whose oracles draw, if they do, from one stream. */
const begin = (drawn: Drawn) => {
  const { build, columns, isPrecise, isRegularised, max, min, oracle, rows, runs } = drawn
  const stream = RandomStream.make(Seed.root(drawn.seed))
  const scheme = schemes[drawn.scheme]!(drawn.step)
  const states = Array.from({ length: runs }, () => {
    const game = bilinearGame({
      matrix: stream.normals(rows * columns),
      columns,
      feasible: [sets[min], sets[max ?? min]],
      saddle: stream.normals(rows + columns),
      products: isPrecise ? Products.float64 : Products.float32,
      kernels: builds[build],
    })
    const problem = oracles[oracle]!(saddlePoint(game, { smoothness: 1, error: 0 }), stream)
    const start = stream.normals(rows + columns)
    return scheme.init(isRegularised ? regularised(problem, 0.2, start) : problem, start)
  })
  return { scheme, states }
}

describe("the twin of extragradient and of descent-ascent", () => {
  it("gives the bits of single steps, of one run or many, until they diverge and after", () => {
    let taken = 0
    fc.assert(
      fc.property(instance, (drawn) => {
        const { steps, stop } = drawn
        const { scheme, states } = begin(drawn)
        const isDrawing = states.some(({ streams }) => streams.length > 0)
        const until = drawn.until < 0 || isDrawing ? undefined : drawn.until
        // runs that share a stream take their steps one after the other
        const runs = isDrawing ? 1 : drawn.runs
        const outcome = TwinLaw.compare(scheme, () => begin({ ...drawn, runs }).states, {
          steps,
          stop,
          until,
        })
        assert.deepStrictEqual(outcome.differences, [])
        taken += outcome.taken
      }),
      { numRuns: 400 },
    )
    assert.isAbove(taken, 1000)
  })

  it("takes runs that share a stream one after the other", () => {
    const drawn = { ...fewNumbers, oracle: "normal", runs: 3 }
    const [{ scheme, states }, other] = [begin(drawn), begin(drawn)]
    advance(scheme, states, 50)
    for (const state of other.states) for (let t = 0; t < 50; t++) scheme.step(state)
    for (const [r, state] of states.entries())
      assert.deepStrictEqual(Snapshot.write(state), Snapshot.write(other.states[r]!))
  })

  it("stops before what limits ask for, and keeps the best candidate", () => {
    const { scheme, states } = begin({
      ...fewNumbers,
      isRegularised: true,
      oracle: "exact",
      runs: 1,
    })
    const [state] = states
    const plain = begin({ ...fewNumbers, isRegularised: true, oracle: "exact", runs: 1 }).states[0]!
    const residuals: Array<number> = []
    for (let t = 0; t < 400; t++) {
      scheme.step(plain)
      residuals.push(scheme.residual(plain))
    }
    const [goal, until] = [1e-1, 1e-3]
    const best = { residual: Number.POSITIVE_INFINITY, point: new Float64Array(4), goal }
    const taken = scheme.twin!([state!], 400, undefined, { until, best })
    assert.strictEqual(
      taken,
      residuals.findIndex((residual) => residual <= until),
    )
    assert.strictEqual(best.residual, Math.min(...residuals.slice(0, taken)))
    const [fresh] = begin({ ...fewNumbers, min: "ball", max: "ball", isRegularised: true }).states
    // a modulus that no step has
    const monotone = { modulus: 10, doubt: 0 }
    assert.strictEqual(scheme.twin!([fresh!], 100, undefined, { monotone }), 0)
    // an accuracy that the next step has
    const certified = { slack: 0, accuracy: 1e3 }
    assert.strictEqual(scheme.twin!([fresh!], 100, undefined, { certified }), 0)
  })

  it("takes single steps of a problem one of whose functions is another", () => {
    const game = bilinearGame({
      matrix: Float64Array.of(1, 0, 0, 2),
      columns: 2,
      feasible: FeasibleSet.ball(1),
    })
    const problem = saddlePoint(game)
    let asked = 0
    const counted: Problem = {
      ...problem,
      form: undefined,
      operator: (z, out) => {
        asked++
        problem.operator(z, out)
      },
    }
    const larger: Problem = { ...problem, feasible: FeasibleSet.ball(2) }
    const scheme = extragradient({ step: 0.1 })
    const start = Float64Array.of(1, 0, 0, 1)
    const [state, plain, wide] = [counted, problem, larger].map((each) => scheme.init(each, start))
    advance(scheme, [state!], 100)
    advance(scheme, [plain!], 100)
    assert.strictEqual(asked, 200)
    assert.deepStrictEqual(state!.point, plain!.point)
    assert.strictEqual(plain!.evaluations, 200)
    advance(scheme, [wide!], 100)
    const single = scheme.init(larger, start)
    for (let t = 0; t < 100; t++) scheme.step(single)
    assert.deepStrictEqual(wide!.point, single.point)
  })

  it("refuses steps that are no count", () => {
    assert.throws(() => advance(extragradient({ step: 0.1 }), [], 0.5))
  })
})
