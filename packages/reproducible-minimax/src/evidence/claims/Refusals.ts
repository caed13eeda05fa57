/** What is refused with a typed error: games that are not convex-concave, input that is no input, tolerances that contradict. */
import { Draw, Margin, parametrised } from "@nonconvex/evidence"
import { InvalidInput } from "@nonconvex/numerics/InvalidInput"
import * as Seed from "@nonconvex/numerics/Seed"
import { matrixGame } from "@nonconvex/problems/BilinearGame"
import { quadratic } from "@nonconvex/problems/Quadratic"
import { regularisedMinimax } from "../../algorithms/RegularisedMinimax.ts"
import { regularisedMinimisation } from "../../algorithms/RegularisedMinimisation.ts"
import { certifiedGames } from "../support/CertifiedRun.ts"
import { derived, printed } from "../support/Paper.ts"
import { type Drawn, expand, gameFields } from "../support/RandomProblem.ts"
import { answering, minimisation, type Problem, saddlePoint } from "../../problem/Problem.ts"
import { BelowNoise, Irreproducible, NotCertified, NotMonotone } from "../../solve/Failures.ts"
import { plan } from "../../solve/Plan.ts"
import { solve } from "../../solve/Solve.ts"
import * as Theory from "../../theory/index.ts"

/** The problem with the first player's own curvature turned around. */
const concave = (problem: Problem, by: number): Problem => ({
  ...answering(problem, (answer, z) => {
    for (let i = 0; i < problem.dimensions[0]; i++) answer[i] = answer[i]! - by * z[i]!
  }),
  smoothness: problem.smoothness + by,
})

/** What a computation throws; undefined where it ends. */
const thrown = (run: () => unknown): unknown => {
  try {
    run()
  } catch (error) {
    return error
  }
  return undefined
}

export const refused = parametrised({
  id: "reproducible-minimax/games-that-are-not-monotone-are-refused",
  statement:
    "Where the first player's objective is concave enough, no answer is certified: the violation is found, named, and nothing loops.",
  source: derived("the certificate: <V(w) - V(z), w - z> >= 0 for every pair of points"),
  instances: Draw.record({
    ...gameFields,
    curvature: Draw.oneOf(0),
    set: Draw.oneOf("ball", "box"),
    gap: Draw.logarithmic(0.5, 0.05),
  }),
  margin: (instance, given, by: number) => {
    const { problem, start } = expand(instance, given)
    const options = { gap: instance.gap, deviation: 1e-6, failure: 0.1, seed: Seed.root(1) }
    const error = thrown(() => solve(concave(problem, by), start, options))
    return Margin.holds(error instanceof NotMonotone || error instanceof NotCertified)
  },
  holds: 1.5,
  fails: [["a convex-concave game", 0]],
})

const invalidFields = {
  field: Draw.oneOf("gap", "distance", "delta", "smoothness"),
  value: Draw.oneOf("zero", "negative", "not a number", "infinite"),
  algorithm: Draw.oneOf("minimisation", "minimax"),
}
type Invalid = Drawn<typeof invalidFields>

const values = { zero: 0, negative: -1, "not a number": Number.NaN, infinite: Infinity }

export const invalidInput = parametrised({
  id: "reproducible-minimax/invalid-input",
  statement:
    "A gap, distance, delta or smoothness that is not positive and finite is refused with a typed error before anything is computed.",
  source: printed("the assumptions of Theorems 3.5 and 4.6"),
  instances: Draw.record(invalidFields),
  margin: (instance, { kernels }, value: (name: Invalid["value"]) => number) => {
    const bad = value(instance.value)
    const request = { gap: 0.1, distance: 1, inexact: "gradient", delta: 1e-3 } as const
    const line = minimisation(quadratic({ spectrum: [1] }))
    const matrix = Float64Array.of(1, -1, -1, 1)
    const pennies = saddlePoint(matrixGame({ matrix, columns: 2, kernels }))
    const base = instance.algorithm === "minimisation" ? line : pennies
    const problem = instance.field === "smoothness" ? { ...base, smoothness: bad } : base
    const changed =
      instance.field === "smoothness" ? request : { ...request, [instance.field]: bad }
    const error = thrown(() =>
      instance.algorithm === "minimisation"
        ? regularisedMinimisation(problem, Float64Array.of(1), changed)
        : regularisedMinimax(problem, Float64Array.of(1, 0, 1, 0), changed),
    )
    return Margin.holds(error instanceof InvalidInput || error instanceof BelowNoise)
  },
  holds: (name) => values[name],
  fails: [["valid numbers", () => 0.5]],
})

export const impossible = parametrised({
  id: "reproducible-minimax/tolerances-that-contradict-are-refused",
  statement:
    "An oracle that errs by more than gap and deviation allow together is refused before a step, with what would be possible.",
  source: derived("r >= 2 delta / rho and r <= 2 eps / D^2"),
  instances: certifiedGames,
  margin: (instance, given, share: number) => {
    const { problem, start } = expand(instance, given)
    const tolerances = { gap: instance.gap, deviation: instance.deviation }
    const { allowedError } = plan(problem, start, tolerances)
    const options = { ...tolerances, failure: 0.5, seed: Seed.root(1) }
    const declared = share * allowedError
    const error = thrown(() => solve({ ...problem, error: declared }, start, options))
    if (error === undefined) return -1
    return Margin.all(
      Margin.holds(error instanceof Irreproducible),
      Margin.atMost(Theory.distanceFromResidual(0, allowedError, 1), declared),
    )
  },
  holds: 1.01,
  fails: [["an oracle that is exact enough", 0.5]],
})
