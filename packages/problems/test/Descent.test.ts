import { Seed } from "@nonconvex/numerics"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Stream } from "effect"
import {
  descend,
  gradientMethod,
  leastSquares,
  type Method,
  Minibatch,
  momentum,
  type Objective,
  quadratic,
  scalarFactorisation,
  sgd,
  type MethodState,
} from "../src/index.ts"
import { points } from "./support/Problems.ts"

const bowl = quadratic({ spectrum: [1, 3] })
const start = Float64Array.of(1, -2)
const method = gradientMethod(momentum({ learningRate: 0.1 }))

/** Steps and points of all snapshots, copied while they are live. */
const record = <State extends MethodState, Problem extends Objective>(
  of: Method<State, Problem>,
  objective: Problem,
  from: Float64Array,
  options: { readonly steps: number; readonly every?: number },
) =>
  descend(of, objective, from, options).pipe(
    Stream.map(({ loss, state, step }) => ({ step, loss, point: state.point.slice() })),
    Stream.runCollect,
  )

/** A method whose step takes a given time and computes nothing. */
const slow = (milliseconds: (step: number) => number): Method => ({
  name: "slow",
  init: (_, point) => ({ point: point.slice(), steps: 0, status: "running" }),
  step: (state) => {
    const end = performance.now() + milliseconds(state.steps++)
    while (performance.now() < end);
    return 0
  },
})

describe("snapshots", () => {
  const stepsOf = (options: { readonly steps: number; readonly every?: number }) =>
    Effect.map(record(method, bowl, start, options), (all) => all.map(({ step }) => step))

  it.effect.each([
    { steps: 10, every: 4, expected: [0, 4, 8, 10] },
    { steps: 8, every: 4, expected: [0, 4, 8] },
    { steps: 3, every: 1, expected: [0, 1, 2, 3] },
    { steps: 3, every: 100, expected: [0, 3] },
    { steps: 0, every: 5, expected: [0] },
    { steps: 5, expected: [0, 1, 2, 3, 4, 5] },
  ])("$steps steps, one every $every", ({ expected, ...options }) =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* stepsOf(options), expected)
    }),
  )

  it.effect("come at multiples of `every` however long steps take", () =>
    Effect.gen(function* () {
      const uneven = slow((step) => (step % 7 === 3 ? 12 : 0))
      const all = yield* record(uneven, bowl, start, { steps: 25, every: 10 })
      assert.deepStrictEqual(
        all.map(({ step }) => step),
        [0, 10, 20, 25],
      )
    }),
  )

  it.effect("by default there are a hundred and one", () =>
    Effect.gen(function* () {
      const steps = yield* stepsOf({ steps: 1000 })
      assert.deepStrictEqual(
        steps,
        Array.from({ length: 101 }, (_, i) => 10 * i),
      )
    }),
  )

  it.effect("the first has the start and no loss, the others the loss before the last step", () =>
    Effect.gen(function* () {
      const [first, second] = yield* record(method, bowl, start, { steps: 1 })
      assert.deepStrictEqual(first, { step: 0, loss: Number.NaN, point: start })
      assert.strictEqual(second!.loss, 0.5 * 1 + 0.5 * 3 * 4)
    }),
  )
})

describe("what is computed", () => {
  const problem = () =>
    Minibatch.shuffled(
      leastSquares({
        features: points(30, 1, 1, "descent")[0]!,
        dimension: 3,
        targets: points(10, 1, 1, "descent targets")[0]!,
      }),
      { batchSize: 4, seed: Seed.root(5) },
    )

  it.effect("has the same bits for every `every`, and is what the plain loop computes", () =>
    Effect.gen(function* () {
      const from = new Float64Array(3)
      const objective = problem()
      const state = method.init(objective, from)
      for (let step = 0; step < 1000; step++) {
        method.step(state)
        objective.advance()
      }
      for (const every of [1, 7, 1000]) {
        const all = yield* record(method, problem(), from, { steps: 1000, every })
        assert.deepStrictEqual(all.at(-1)!.point, state.point)
      }
    }),
  )

  it.effect("does not touch the start, and begins anew when the stream is run again", () =>
    Effect.gen(function* () {
      const from = start.slice()
      const stream = descend(method, bowl, from, { steps: 20 })
      const end = Stream.runLast(stream).pipe(
        Effect.flatMap(Effect.fromOption),
        Effect.map(({ state }) => state.point.slice()),
      )
      const first = yield* end
      assert.deepStrictEqual(yield* end, first)
      assert.deepStrictEqual(from, start)
    }),
  )

  it.effect("a stochastic objective advances once after each step", () =>
    Effect.gen(function* () {
      const advanced: Array<number> = []
      const counting = { ...bowl, constants: {}, advance: () => advanced.push(advanced.length) }
      yield* record(method, counting, start, { steps: 12, every: 5 })
      assert.strictEqual(advanced.length, 12)
    }),
  )
})

describe("divergence", () => {
  it.effect("is a typed error that names method and step, after the snapshots before it", () =>
    Effect.gen(function* () {
      const seen: Array<number> = []
      const explode = gradientMethod(sgd({ learningRate: 1 }))
      const error = yield* descend(explode, scalarFactorisation(), Float64Array.of(8, 9), {
        steps: 100,
        every: 1,
      }).pipe(
        Stream.runForEach(({ step }) => Effect.sync(() => seen.push(step))),
        Effect.flip,
      )
      assert.strictEqual(error._tag, "Diverged")
      assert.strictEqual(error.method, "sgd")
      assert.isFalse(Number.isFinite(error.loss))
      assert.strictEqual(error.step, seen.at(-1))
      assert.include(error.message, `step ${error.step}`)
    }),
  )

  it.effect("a start that is not finite diverges at step 0", () =>
    Effect.gen(function* () {
      const nowhere = Float64Array.of(Number.NaN, 0)
      const error = yield* Effect.flip(record(method, bowl, nowhere, { steps: 5 }))
      assert.strictEqual(error.step, 0)
    }),
  )
})

describe("interruption", () => {
  /** Milliseconds this thread has computed: unlike the clock it does not run while others have the processor. */
  const computed = (): number => {
    const { system, user } = process.threadCpuUsage()
    return (system + user) / 1000
  }

  const interruptionTime = (objective: Objective, of: Method, from: Float64Array) =>
    Effect.gen(function* () {
      const fiber = yield* Effect.forkChild(
        Stream.runDrain(descend(of, objective, from, { steps: 1e12, every: 1e12 })),
      )
      yield* Effect.sleep("60 millis")
      const asked = computed()
      yield* Fiber.interrupt(fiber)
      return computed() - asked
    })

  it.live("a long run of cheap steps ends within 100 ms, and lets timers fire meanwhile", () =>
    Effect.gen(function* () {
      const before = computed()
      const time = yield* interruptionTime(bowl, gradientMethod(sgd({ learningRate: 1e-9 })), start)
      assert.isBelow(time, 100)
      assert.isBelow(computed() - before, 400)
    }),
  )

  it.live("so does one whose steps suddenly take a thousand times longer", () =>
    Effect.gen(function* () {
      const began = performance.now()
      const sudden = slow(() => (performance.now() - began < 30 ? 0 : 1))
      assert.isBelow(yield* interruptionTime(bowl, sudden, start), 100)
    }),
  )

  it.live("two descents share the thread", () =>
    Effect.gen(function* () {
      const order: Array<string> = []
      const run = (name: string) =>
        descend(
          slow(() => 1),
          bowl,
          start,
          { steps: 60, every: 20 },
        ).pipe(Stream.runForEach(() => Effect.sync(() => order.push(name))))
      yield* Effect.all([run("a"), run("b")], { concurrency: 2 })
      assert.isBelow(order.indexOf("b"), order.lastIndexOf("a"))
    }),
  )
})
