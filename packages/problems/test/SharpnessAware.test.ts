/** What the reference step promises beyond its formula: degenerate gradients, divergence, batches, base methods. */
import { Seed } from "@nonconvex/numerics"
import {
  adamW,
  gradientMethod,
  leastSquares,
  momentum,
  nesterov,
  type Objective,
  quadratic,
  scalarFactorisation,
  sgd,
  type Update,
  withClipping,
  withWeightDecay,
} from "../src/index.ts"
import * as Minibatch from "../src/Minibatch.ts"
import { type MomentumState } from "../src/internal/Velocity.ts"
import { assert, describe, it } from "vitest"
import * as Perturbation from "../src/Perturbation.ts"
import { asam, pNormSam, sam, unifiedSam, usam } from "../src/index.ts"
import { repeatedAscent } from "../src/SharpnessAware.ts"
import { counted, failing, type Failure, linear } from "./support/Objectives.ts"
import { assertClose, run } from "./support/Runs.ts"

const bases = {
  sgd: sgd({ learningRate: 0.05 }),
  momentum: momentum({ learningRate: 0.05 }),
  nesterov: nesterov({ learningRate: 0.05 }),
  adamW: adamW({ learningRate: 0.05, weightDecay: 0.1 }),
} satisfies Record<string, Update>

const methods = {
  sam: (base: Update, radius = 0.1) => sam({ radius, base }),
  usam: (base: Update, radius = 0.1) => usam({ radius, base }),
  unified: (base: Update, radius = 0.1) => unifiedSam({ radius, base, normalisation: 0.5 }),
  asam: (base: Update, radius = 0.1) => asam({ radius, base }),
  pNorm: (base: Update, radius = 0.1) => pNormSam({ radius, base, p: 3 }),
  repeated: (base: Update, radius = 0.1) =>
    repeatedAscent(Perturbation.normalised(radius), base, { ascentSteps: 2 }),
} as const

const bowl = quadratic({ spectrum: [3, 1] })

describe("a zero gradient", () => {
  const perturbing = { sam, usam, asam, pNorm: methods.pNorm, unified: methods.unified }

  it.each(Object.keys(perturbing))("%s takes the second gradient at the point itself", (name) => {
    const method = methods[name as keyof typeof perturbing](bases.sgd)
    const { objective, points } = counted(bowl)
    const state = run(method, objective, [0, 0])
    assert.deepStrictEqual(points, [new Float64Array(2), new Float64Array(2)])
    assert.deepStrictEqual([...state.point], [0, 0])
    assert.strictEqual(state.status, "running")
  })

  it("lets momentum coast", () => {
    // the gradient is 1 once and 0 from then on
    let evaluations = 0
    const objective: Objective = {
      name: "kick",
      dimension: 1,
      constants: {},
      valueAndGradient: (_, gradient) => {
        gradient[0] = evaluations++ < 2 ? 1 : 0
        return 0
      },
    }
    const base = momentum({ learningRate: 0.5, momentum: 0.5 })
    const state = run(sam({ radius: 0.1, base }), objective, [0], 3)
    // v = 1, 0.5, 0.25
    assert.strictEqual(state.point[0], -0.5 * 1.75)
    assert.strictEqual(state.steps, 3)
    assert.strictEqual(state.update.step, 3)
  })
})

describe("the length of the gradient", () => {
  it.each([1e-320, 1e-170, 1e-12, 1, 1e160, 1e300])("%d keeps the radius of SAM", (size) => {
    const { objective, points } = counted(linear(3 * size, 4 * size))
    run(sam({ radius: 0.5, base: sgd({ learningRate: 0 }) }), objective, [0, 0])
    assertClose(points[1]!, [0.3, 0.4], size < 1e-300 ? 1e-3 : 1e-15)
  })

  it.each([1e-170, 1e160])("%d keeps the radius of ASAM and of p-norm SAM", (size) => {
    const base = sgd({ learningRate: 0 })
    for (const method of [
      asam({ radius: 0.5, base, offset: 1 }),
      pNormSam({ radius: 0.5, base, p: 2 }),
    ]) {
      const { objective, points } = counted(linear(3 * size, 4 * size))
      run(method, objective, [0, 0])
      assertClose(points[1]!, [0.3, 0.4], 1e-15)
    }
  })

  it("does not shorten the gradient that moves the point", () => {
    const state = run(sam({ radius: 0.5, base: sgd({ learningRate: 1 }) }), linear(1e-170), [0])
    assert.strictEqual(state.point[0], -1e-170)
  })
})

describe("divergence", () => {
  const failures: ReadonlyArray<Failure> = [
    { value: Number.NaN },
    { value: Number.POSITIVE_INFINITY },
    { component: Number.NaN },
    { component: Number.POSITIVE_INFINITY },
    { component: Number.NEGATIVE_INFINITY },
  ]
  const cases = Object.keys(methods).flatMap((name) =>
    [1, 2].flatMap((pass) => failures.map((failure) => ({ name, pass, failure }))),
  )

  it.each(cases)(
    "$name leaves the point after $failure in pass $pass",
    ({ failure, name, pass }) => {
      const method = methods[name as keyof typeof methods](bases.momentum)
      const state = method.init(failing(bowl, pass, failure), Float64Array.of(0.7, -0))
      method.step(state)
      assert.isTrue(Object.is(state.point[0], 0.7) && Object.is(state.point[1], -0))
      assert.strictEqual(state.status, "diverged")
      assert.strictEqual(state.steps, 0)
      const { velocity } = state.update as MomentumState
      assert.deepStrictEqual([...velocity], [0, 0])
    },
  )

  it("takes no second gradient after a first one that is not finite", () => {
    const { objective, points } = counted(failing(bowl, 1, { component: Number.NaN }))
    run(sam({ base: bases.sgd }), objective, [1, 1])
    assert.strictEqual(points.length, 1)
  })

  it("catches USAM running away on the factorisation", () => {
    const method = usam({ radius: 0.25, base: sgd({ learningRate: 0.0625 }) })
    const state = method.init(scalarFactorisation(), Float64Array.of(2, 3))
    for (let t = 0; t < 20; t++) method.step(state)
    assert.strictEqual(state.status, "diverged")
    assert.isTrue(state.point.every(Number.isFinite))
  })
})

describe("a base rate of 0", () => {
  const still = {
    sgd: sgd({ learningRate: 0 }),
    momentum: momentum({ learningRate: 0 }),
    nesterov: nesterov({ learningRate: 0 }),
    adamW: adamW({ learningRate: 0, weightDecay: 0.1 }),
    decay: withWeightDecay(sgd({ learningRate: 0 }), { rate: 0.1 }),
    clipping: withClipping(sgd({ learningRate: 0 }), { maxNorm: 0.1 }),
  } satisfies Record<string, Update>
  const cases = Object.keys(methods).flatMap((name) =>
    Object.keys(still).map((base) => ({ name, base })),
  )

  it.each(cases)("$name over $base leaves the point bit for bit", ({ base, name }) => {
    const method = methods[name as keyof typeof methods](still[base as keyof typeof still])
    const start = [0.1, -0, 5e-324, -1e300, 0]
    const state = run(method, linear(1, 0, -1, 1, 0), start, 3)
    state.point.forEach((w, i) => assert.isTrue(Object.is(w, start[i])))
    assert.strictEqual(state.steps, 3)
  })
})

describe("a radius of 0", () => {
  const cases = Object.keys(methods).flatMap((name) =>
    Object.keys(bases).map((base) => ({ name, base })),
  )

  it.each(cases)("$name over $base is the base method bit for bit", ({ base, name }) => {
    const update: Update = bases[base as keyof typeof bases]
    const { objective, points } = counted(scalarFactorisation(1))
    const state = run(methods[name as keyof typeof methods](update, 0), objective, [2, 0.3], 50)
    const plain = run(gradientMethod(update), scalarFactorisation(1), [2, 0.3], 50)
    assert.deepStrictEqual(state.point, plain.point)
    assert.strictEqual(points.length, 50)
    assert.strictEqual(state.lossAtPerturbed, state.loss)
  })
})

describe("the base method", () => {
  it("is fed with the second gradient only", () => {
    const seen: Array<ReadonlyArray<number>> = []
    const recording: Update = {
      ...sgd({ learningRate: 0.1 }),
      constantRate: undefined,
      apply: (state, _, gradient) => {
        state.step++
        seen.push([...gradient])
      },
    }
    run(sam({ radius: 0.5, base: recording }), quadratic({ spectrum: [2] }), [1], 2)
    // w_a = 1.5
    assert.deepStrictEqual(seen, [[3], [3]])
  })

  it("keeps momentum of second gradients", () => {
    const base = momentum({ learningRate: 0.1, momentum: 0.9 })
    const state = run(sam({ radius: 0.5, base }), quadratic({ spectrum: [2] }), [1], 2)
    const velocity1 = 2 * 1.5
    const velocity2 = 0.9 * velocity1 + 2 * (1 - 0.1 * velocity1 + 0.5)
    assertClose(state.update.velocity, [velocity2], 1e-15)
  })

  it("clips the second gradient and leaves the perturbation alone", () => {
    const { objective, points } = counted(quadratic({ spectrum: [10] }))
    const base = withClipping(sgd({ learningRate: 1 }), { maxNorm: 0.25 })
    const state = run(usam({ radius: 0.1, base }), objective, [1])
    // the first gradient is 10: unclipped, it perturbs by 1; the second is 20, clipped to 0.25
    assert.deepStrictEqual([points[1]![0], state.point[0]], [2, 0.75])
  })

  it("decays the point of the step, not the perturbed one, and not the gradient", () => {
    const base = withWeightDecay(sgd({ learningRate: 0.5 }), { rate: 0.5 })
    const { objective, points } = counted(linear(1))
    const state = run(sam({ radius: 0.25, base }), objective, [2])
    assert.deepStrictEqual([points[1]![0], state.point[0]], [2.25, 2 * 0.75 - 0.5])
  })

  it("takes its learning rate from the schedule by the step", () => {
    const base = sgd({ learningRate: (step) => (step === 0 ? 1 : 0.5) })
    assert.strictEqual(run(sam({ radius: 0.1, base }), linear(1), [0], 3).point[0], -2)
  })
})

describe("batches", () => {
  const sum = leastSquares({
    features: Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8),
    dimension: 1,
    targets: new Float64Array(8),
  })

  it("both gradients of a step see the same one", () => {
    const batch = Minibatch.shuffled(sum, { batchSize: 2, seed: Seed.root(3) })
    const seen: Array<string> = []
    const watched: Minibatch.Minibatch = {
      ...batch,
      valueAndGradient: (x, gradient) => {
        seen.push(batch.indices.join())
        return batch.valueAndGradient(x, gradient)
      },
    }
    const method = sam({ radius: 0.1, base: sgd({ learningRate: 0.01 }) })
    const state = method.init(watched, Float64Array.of(1))
    for (let t = 0; t < 4; t++) {
      method.step(state)
      batch.advance()
    }
    assert.strictEqual(seen.length, 8)
    for (let t = 0; t < 4; t++) assert.strictEqual(seen[2 * t], seen[2 * t + 1])
    assert.strictEqual(new Set(seen).size, 4)
  })
})
