import { Kernels, RandomStream, Seed } from "@nonconvex/numerics"
import {
  advance,
  gradientMethod,
  type Method,
  type MethodState,
  type Objective,
  quadratic,
  quadraticFromMatrix,
  sam,
  scalarFactorisation,
  sgd,
  trajectory,
  usam,
  valley,
  withWeightDecay,
} from "@nonconvex/problems"
import * as Snapshot from "@nonconvex/problems/Snapshot"
import * as TwinLaw from "@nonconvex/problems/TwinLaw"
import * as fc from "fast-check"
import { assert, describe, it } from "vitest"

type Any = Method

const base = (learningRate: number) => sgd({ learningRate })

const methods: Record<string, (rate: number, radius: number) => Any> = {
  sgd: (rate) => gradientMethod(base(rate)),
  sam: (rate, radius) => sam({ radius, base: base(rate) }),
  usam: (rate, radius) => usam({ radius, base: base(rate) }),
  "sam with decay": (rate, radius) =>
    sam({ radius, base: withWeightDecay(base(rate), { rate: 0.01 }) }),
  "sam with a schedule": (rate, radius) => sam({ radius: () => radius, base: base(rate) }),
}

const objectives: Record<string, Objective> = {
  product: scalarFactorisation(),
  "product with a target": scalarFactorisation(1.5),
  bowl: quadratic({ spectrum: [4, 1, 0.1], minimiser: Float64Array.of(1, 0, -1) }),
  saddle: quadratic({ spectrum: [1, -0.5] }),
  "a rotated bowl": quadratic({
    spectrum: [4, 0.1],
    basis: Float64Array.of(0.6, -0.8, 0.8, 0.6),
    minimiser: Float64Array.of(1, -1),
  }),
  "a bowl of a matrix": quadraticFromMatrix(
    Float64Array.from({ length: 49 }, (_, k) => 1 / (1 + Math.floor(k / 7) + (k % 7))),
  ),
  valley: valley({ base: 2, amplitude: 1 }),
  "a valley that ends": valley({ base: 0.5, amplitude: -1.5 }),
}

const builds = { strict: Kernels.strict(), reference: Kernels.reference() }

/** All that a state has, bit for bit. */
const dataOf = (state: MethodState) => Snapshot.write(state)

const instance = fc.record({
  method: fc.constantFrom(...Object.keys(methods)),
  objective: fc.constantFrom(...Object.keys(objectives)),
  build: fc.constantFrom("strict" as const, "reference" as const),
  rate: fc.constantFrom(0.01, 0.3, 3, 0),
  radius: fc.constantFrom(0.1, 0, 2),
  runs: fc.integer({ min: 1, max: 9 }),
  steps: fc.nat(200),
  stop: fc.nat(200),
  seed: fc.nat(1000),
})

describe("advance", () => {
  it("gives the bits of single steps, of one run or many, until they diverge and after", () => {
    fc.assert(
      fc.property(instance, ({ build, radius, rate, runs, seed, steps, stop, ...names }) => {
        const method = methods[names.method]!(rate, radius)
        const objective = objectives[names.objective]!
        const begin = () => {
          const stream = RandomStream.make(Seed.root(seed))
          return Array.from({ length: runs }, () =>
            method.init(objective, stream.normals(objective.dimension)),
          )
        }
        const given = { steps, stop, kernels: builds[build] }
        assert.deepStrictEqual(TwinLaw.compare(method, begin, given).differences, [])
      }),
      { numRuns: 300 },
    )
  })

  it("takes the steps of a known method on a known objective by their twin", () => {
    const kernels = Kernels.strict()
    for (const objective of ["product", "valley"])
      for (const name of ["sgd", "sam", "usam"]) {
        const method = methods[name]!(0.01, 0.1)
        const begin = () => [method.init(objectives[objective]!, Float64Array.of(0.5, 0.75))]
        // together and alone, all but the last step of each
        assert.strictEqual(TwinLaw.compare(method, begin, { steps: 100, kernels }).taken, 2 * 99)
      }
  })

  it("takes the steps of a wrapper that has dropped the twin, and of an objective that has dropped its own", () => {
    const plain = scalarFactorisation()
    const shifted: Objective = {
      ...plain,
      valueAndGradient: (x, gradient) => {
        const loss = plain.valueAndGradient(x, gradient)
        gradient[0]! += 1
        return loss
      },
      descend: undefined,
    }
    const method = methods["sam"]!(0.01, 0.1)
    let steps = 0
    const counted: Any = {
      ...method,
      step: (state) => {
        steps++
        return method.step(state)
      },
      twin: undefined,
    }
    const state = counted.init(plain, Float64Array.of(2, 3))
    advance(counted, [state], 100)
    assert.strictEqual(steps, 100)
    const begin = () => [method.init(shifted, Float64Array.of(2, 3))]
    const { differences, taken } = TwinLaw.compare(method, begin, {
      steps: 100,
      kernels: Kernels.strict(),
    })
    assert.deepStrictEqual([taken, differences], [0, []])
  })

  it("finds a twin that is not equal to its step", () => {
    const method = methods["sam"]!(0.01, 0.1)
    const wrong: Any = {
      ...method,
      twin: (states, most, kernels) => {
        const taken = method.twin!(states, most, kernels)
        for (const { point } of states) point[0]! += 2 ** -52 * point[0]!
        return taken
      },
    }
    const begin = () => [1, 2].map((x) => wrong.init(scalarFactorisation(), Float64Array.of(x, 3)))
    const { differences } = TwinLaw.compare(wrong, begin, { steps: 50, kernels: Kernels.strict() })
    assert.deepStrictEqual(
      differences.map(({ run, taken }) => [run, taken]),
      [
        [0, "together"],
        [1, "together"],
        [0, "alone"],
        [1, "alone"],
      ],
    )
  })

  it("leaves a run at its end where it is, and others go on", () => {
    const method = methods["sgd"]!(1, 0)
    const objective = scalarFactorisation()
    const starts = [Float64Array.of(30, 40), Float64Array.of(0.1, 0.2)]
    const states = starts.map((start) => method.init(objective, start))
    advance(method, states, 500)
    assert.deepStrictEqual(
      states.map(({ status }) => status),
      ["diverged", "running"],
    )
    const before = dataOf(states[0]!)
    assert.isNaN(advance(method, states, 1)[0])
    assert.deepStrictEqual(dataOf(states[0]!), before)
  })

  it("refuses steps that are no count", () => {
    const method = methods["sgd"]!(0.1, 0)
    const state = method.init(objectives["bowl"]!, new Float64Array(3))
    assert.throws(() => advance(method, [state], 1.5), /steps/)
  })

  it("is what a trajectory goes by where it is given kernels", () => {
    const method = methods["sam"]!(0.01, 0.1)
    const objective = objectives["product"]!
    const start = Float64Array.of(2, 3)
    const pathOf = (options: { readonly kernels?: Kernels.Kernels }) =>
      Array.from(
        trajectory(method, objective, start, { steps: 250, every: 60, ...options }),
        ({ loss, state, step }) => [step, loss, ...state.point],
      )
    assert.deepStrictEqual(pathOf({ kernels: Kernels.strict() }), pathOf({}))
  })
})
