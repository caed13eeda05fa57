import { Kernels } from "@nonconvex/numerics"
import { assert, describe, it } from "vitest"
import { solve, type SolveInput, type SolveProgress } from "../../src/operations/SolveProblem.ts"

const run = (input: SolveInput) => {
  let last: SolveProgress | undefined
  const answer = Kernels.onlyGiven(() =>
    solve.run(input, { kernels: Kernels.reference(), report: (progress) => (last = progress) }),
  )
  return { answer, last: last! }
}

const tolerances = { deviation: 1e-7, failure: 1e-3, precision: "float64", seed: 1 } as const

const inputs: ReadonlyArray<readonly [what: string, input: SolveInput]> = [
  [
    "a game",
    {
      ...tolerances,
      problem: {
        _tag: "MatrixGame",
        payoffs: Float64Array.of(3, -1, 2, -2, 4, 0.5, 1, 1, -3),
        rows: 3,
        columns: 3,
      },
      gap: 0.05,
      deviation: 1e-8,
    },
  ],
  [
    "least squares",
    {
      ...tolerances,
      problem: {
        _tag: "LeastSquares",
        features: Float64Array.of(1, 0, 1, 1, 1, 2),
        targets: Float64Array.of(0, 1, 3),
        radius: 4,
      },
    },
  ],
]

describe("solve as an operation", () => {
  it.each(inputs)("takes no more than about the steps that it expects of %s", (_, input) => {
    const { answer, last } = run(input)
    assert.isAtMost(answer.certified.steps, 2 * last.expected)
    assert.isAtLeast(answer.certified.steps, last.expected / 20)
    assert.strictEqual(last.steps, answer.certified.steps)
  })

  it.each(inputs)("gives strict kernels and plain loops the same bits of %s", (_, input) => {
    const strict = solve.run(input, { kernels: Kernels.strict(), report: () => undefined })
    assert.deepStrictEqual(run(input).answer, strict)
  })

  it("asks for a hundredth of the range of payoffs where no gap is given", () => {
    const [, { gap: _, ...game }] = inputs[0]!
    // from -3 to 4
    assert.approximately(run(game).answer.plan.gap, 0.07, 1e-15)
  })

  it.each([
    [
      "payoffs that are no matrix",
      { _tag: "MatrixGame", payoffs: Float64Array.of(1), rows: 2, columns: 3 },
    ],
    [
      "features that are ragged",
      {
        _tag: "LeastSquares",
        features: Float64Array.of(1, 2, 3),
        targets: Float64Array.of(1, 2),
        radius: 1,
      },
    ],
  ] as const)("refuses %s", (_, problem) => {
    assert.throws(() => run({ ...tolerances, problem }), /^solve: .* must be/)
  })
})
