import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Datasets } from "@nonconvex/datasets/Datasets"
import { ArenaFull } from "@nonconvex/numerics/ArenaFull"
import { Kernels, RandomStream, Seed } from "@nonconvex/numerics"
import * as Products from "@nonconvex/problems/Products"
import * as Inline from "@nonconvex/runner/Inline"
import { Effect, Layer } from "effect"
import { ReproducibleMinimax } from "../../src/evidence/index.ts"
import type { SolveInput } from "../../src/operations/SolveProblem.ts"
import { solve } from "../../src/index.ts"
import { gameOf, rockPaperScissors } from "../support/Games.ts"

/** The service over computing power on this thread, with kernels. */
const over = (kernels: Kernels.Kernels) =>
  ReproducibleMinimax.layer.pipe(
    Layer.provide(Inline.layer),
    Layer.provide(Layer.succeed(Kernels.Current, kernels)),
    Layer.provide(Datasets.layer),
    Layer.provide(NodeServices.layer),
  )

const { center } = gameOf(rockPaperScissors, 3)

const input: SolveInput = {
  problem: { _tag: "MatrixGame", payoffs: rockPaperScissors, rows: 3, columns: 3 },
  gap: 0.01,
  deviation: 1e-7,
  failure: 1e-3,
  precision: "float64",
  seed: 1,
}

const solved = (of: SolveInput, kernels = Kernels.strict()) =>
  Effect.gen(function* () {
    const service = yield* ReproducibleMinimax
    return yield* service.solve(of)
  }).pipe(Effect.provide(over(kernels)))

describe("ReproducibleMinimax", () => {
  it.effect("solves as the plain function does, bit for bit", () =>
    Effect.gen(function* () {
      const { certified, published } = yield* solved(input)
      // paid to the row player, so that the column player minimises
      const transposed = Float64Array.from(rockPaperScissors, (x) => -x)
      const { deviation = 1e-7, failure, gap = 0.01 } = input
      const options = { gap, deviation, failure, seed: Seed.root(1).child("solve") }
      const answer = solve(gameOf(transposed, 3).problem, center, options)
      assert.deepStrictEqual(published.point, answer.published.point)
      const { gap: _, ...rest } = certified
      assert.deepStrictEqual({ ...rest }, answer.certified)
    }),
  )

  it.effect("fails with what cannot be had together", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(solved({ ...input, precision: "float32" }))
      assert.strictEqual(error._tag, "Irreproducible")
    }),
  )

  it.effect("does not take a defect for bad input", () =>
    Effect.gen(function* () {
      const broken: Kernels.Kernels = {
        ...Kernels.strict(),
        gemvBoth: () => {
          throw new TypeError("broken")
        },
      }
      const error = yield* Effect.flip(solved(input, broken))
      assert.strictEqual(error._tag, "JobCrashed")
      assert.match(error.message, /broken/)
    }),
  )

  it.effect("solves quadratics and least squares", () =>
    Effect.gen(function* () {
      const quadratic = yield* solved({
        ...input,
        problem: {
          _tag: "Quadratic",
          hessian: Float64Array.of(2, 1, 1, 2),
          linear: Float64Array.of(3, 0),
          radius: 3,
        },
      })
      assert.isAtMost(quadratic.published.gap, 0.01)
      assert.approximately(quadratic.published.value.least, -3, 1e-12)
      const fit = yield* solved({
        ...input,
        problem: {
          _tag: "LeastSquares",
          features: Float64Array.of(1, 0, 1, 1, 1, 2),
          targets: Float64Array.of(0, 1, 3),
          radius: 4,
        },
        deviation: 1e-8,
      })
      assert.isAtMost(fit.published.gap, 0.01)
    }),
  )

  it.effect("names what is wrong with the data", () =>
    Effect.gen(function* () {
      const hessian = Float64Array.of(1, 2, 3, 4)
      const linear = Float64Array.of(1, 1)
      const problem = { _tag: "Quadratic", hessian, linear, radius: 1 } as const
      const error = yield* Effect.flip(solved({ ...input, problem }))
      assert.strictEqual(error._tag, "UnsuitableProblem")
      assert.match(error.message, /must be symmetric/)
    }),
  )

  it.effect("computes on the kernels of the program", () =>
    Effect.gen(function* () {
      const strict = Kernels.strict()
      let calls = 0
      const counting: Kernels.Kernels = {
        ...strict,
        gemvBoth: (...parameters) => {
          calls++
          strict.gemvBoth(...parameters)
        },
      }
      const { certified } = yield* solved(input, counting)
      assert.isAtLeast(calls, certified.evaluations!)
    }),
  )

  const size = 40
  const large = {
    ...input,
    gap: 0.5,
    problem: {
      _tag: "MatrixGame",
      payoffs: Float64Array.from({ length: size * size }, (_, k) => ((k * 7) % 11) / 11),
      rows: size,
      columns: size,
    },
  } satisfies SolveInput

  const stream = RandomStream.make(Seed.root(1).child("payoffs"))
  // too large for a kernel to take all steps before there is something to say
  const side = 72
  const uneven: SolveInput = {
    ...large,
    gap: 0.005,
    deviation: 1e-9,
    problem: {
      _tag: "MatrixGame",
      payoffs: Float64Array.from({ length: side * side }, () => stream.uniform()),
      rows: side,
      columns: side,
    },
  }

  const wide: SolveInput = {
    ...large,
    problem: {
      _tag: "MatrixGame",
      payoffs: Float64Array.from({ length: 4000 }, (_, k) => ((k * 7) % 11) / 11),
      rows: 2,
      columns: 2000,
    },
  }

  it.effect.each([
    ["square", large],
    ["wide", wide],
  ] as const)("makes room where a %s matrix is larger than the memory of the kernels", ([, of]) =>
    Effect.gen(function* () {
      const small = Kernels.makeStrict({ capacity: 2 ** 12 })
      const [few, many] = [yield* solved(of, small), yield* solved(of)]
      assert.deepStrictEqual(few.published.point, many.published.point)
      assert.strictEqual(small.arena.used, 0)
    }),
  )

  it.effect("says where no memory has room for the matrix", () =>
    Effect.gen(function* () {
      const full: Kernels.Kernels = {
        ...Kernels.makeStrict({ capacity: 2 ** 12 }),
        withCapacity: (requested) => {
          throw new ArenaFull({ requested, largestFree: 0, used: 0, capacity: 0 })
        },
      }
      const error = yield* Effect.flip(solved(large, full))
      assert.strictEqual(error._tag, "ArenaFull")
    }),
  )

  it.effect("says how far it is", () =>
    Effect.gen(function* () {
      const service = yield* ReproducibleMinimax
      let last = 0
      yield* service.solve(uneven, ({ expected, steps, target }) => {
        assert.isAtLeast(steps, last)
        assert.isAbove(expected, 0)
        assert.isAbove(target, 0)
        last = steps
      })
      assert.isAbove(last, 0)
    }).pipe(Effect.provide(over(Kernels.strict()))),
  )
})

// products in another precision do not change what is published where the plan allows for them
describe("precision", () => {
  it.effect("is that of another machine", () =>
    Effect.gen(function* () {
      const tolerant = { ...input, gap: 0.4, deviation: 4e-5, failure: 0.02 }
      const double = yield* solved(tolerant)
      const single = yield* solved({ ...tolerant, precision: "float32" })
      assert.isAbove(single.certified.error!, Products.float32.error(4))
      assert.deepStrictEqual(single.published.point, double.published.point)
    }),
  )
})
