import { Kernels, RandomStream, Seed } from "@nonconvex/numerics"
import * as RelaxedKernels from "@nonconvex/numerics/RelaxedKernels"
import { bilinearGame, FeasibleSet, inQuadratic, Products, Snapshot } from "@nonconvex/problems"
import * as fc from "fast-check"
import { assert, describe, it } from "vitest"
import {
  accelerated,
  ErrorStrategy,
  extragradient,
  gradientDescent,
  inexact,
  inexactAccelerated,
  minimisation,
  optimisticGradient,
  type Problem,
  projectedGradient,
  regularised,
  saddlePoint,
  type Scheme,
  stochastic,
} from "../../src/index.ts"
import { advance } from "../../src/methods/Advance.ts"

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
  min: fc.constantFrom(...setNames),
  max: fc.constantFrom(...setNames),
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
  until: fc.constantFrom(-1, -1, 0.3, 1e-3),
})

type Drawn = typeof instance extends fc.Arbitrary<infer A> ? A : never

/** Runs in games of their own, whose oracles draw, if they do, from one stream. */
const begin = (drawn: Drawn) => {
  const { build, columns, isPrecise, isRegularised, max, min, oracle, rows, runs } = drawn
  const stream = RandomStream.make(Seed.root(drawn.seed))
  const scheme = schemes[drawn.scheme]!(drawn.step)
  const states = Array.from({ length: runs }, () => {
    const game = bilinearGame({
      matrix: stream.normals(rows * columns),
      columns,
      feasible: [sets[min], sets[max]],
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

/** All that the states have, to the bit. */
const dataOf = (states: ReadonlyArray<object>) => states.map((state) => Snapshot.write(state))

describe("advance", () => {
  it("gives the bits of single steps, of one run or many, until they diverge and after", () => {
    fc.assert(
      fc.property(instance, (drawn) => {
        const { steps, until } = drawn
        const [one, other] = [begin(drawn), begin(drawn)]
        advance(one.scheme, one.states, steps, until)
        const { scheme, states } = other
        const isDrawing = states.some(({ streams }) => streams.length > 0)
        if (isDrawing) {
          for (const state of states)
            for (let t = 0; t < steps && state.status === "running"; t++) scheme.step(state)
        } else {
          const goesOn = () =>
            states.some((state) => state.status === "running" && !(scheme.residual(state) <= until))
          for (let t = 0; t < steps && goesOn(); t++)
            for (const state of states) if (state.status === "running") scheme.step(state)
        }
        assert.deepStrictEqual(dataOf(one.states), dataOf(states))
      }),
      { numRuns: 400 },
    )
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

  it("takes steps of gradient descent in calls where a kernel knows the quadratic, accelerated or not, as by step to the bit, also where they diverge", () => {
    let calls = 0
    const quadratic = fc.record({
      n: fc.integer({ min: 1, max: 9 }),
      seed: fc.nat(1000),
      steps: fc.nat(200),
      // at 50 the numbers leave their range within 200 steps
      step: fc.constantFrom(0.05, 50),
      build: fc.constantFrom("strict" as const, "relaxed" as const, "reference" as const),
      method: fc.constantFrom("descent" as const, "accelerated" as const, "inexact" as const),
      errs: fc.boolean(),
      pulls: fc.boolean(),
    })
    fc.assert(
      fc.property(quadratic, ({ build, errs, method: name, n, pulls, seed, step, steps }) => {
        const plain = builds[build]
        const kernels = {
          ...plain,
          descendQuadratic: (...given: Parameters<typeof plain.descendQuadratic>) => {
            calls++
            return plain.descendQuadratic(...given)
          },
        }
        const stream = RandomStream.make(Seed.root(seed))
        const root = stream.normals(n * n)
        const [offset, start, error] = [stream.normals(n), stream.normals(n), stream.normals(n)]
        const hessian = new Float64Array(n * n)
        kernels.syrk(false, n, n, 1e6 / n, root, 0, hessian)
        const evaluate = (x: Float64Array, gradient: Float64Array) => {
          kernels.symmetricProduct(n, hessian, x, gradient, offset)
          return Number.NaN
        }
        const known = inQuadratic((x, gradient) => evaluate(x, gradient), {
          hessian,
          offset,
          kernels,
        })
        const constants = { smoothness: 1 / step, strongConvexity: 0.1 }
        const make: Record<typeof name, () => Scheme> = {
          descent: () => gradientDescent({ step }),
          accelerated: () => accelerated(constants),
          inexact: () => inexactAccelerated(constants),
        }
        const [one, other] = [known, evaluate].map((valueAndGradient) => {
          const objective = { name: "", dimension: n, constants: {}, valueAndGradient }
          const exact = minimisation(objective, { smoothness: 1 })
          const answered = errs ? inexact(exact, ErrorStrategy.constant(error), 0.1) : exact
          const problem = pulls ? regularised(answered, 0.01, start) : answered
          const method = make[name]()
          const state = method.init(problem, start)
          if (valueAndGradient === known) advance(method, [state], steps)
          else for (let t = 0; t < steps && state.status === "running"; t++) method.step(state)
          const { evaluations, point, status, steps: taken, ...rest } = state
          const scratch = ["answer", "ahead"].map((key) => ({ ...rest })[key as keyof typeof rest])
          return { evaluations, point, scratch, residual: method.residual(state), status, taken }
        })
        assert.deepStrictEqual(one, other)
      }),
    )
    assert.isAbove(calls, 50)
  })
})
