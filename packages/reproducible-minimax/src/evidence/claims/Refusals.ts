/** What is refused with a typed error: games that are not convex-concave, input that is no input, tolerances that contradict. */
import { claim, Draw, Margin } from "@nonconvex/evidence"
import { InvalidInput } from "@nonconvex/numerics/InvalidInput"
import * as Seed from "@nonconvex/numerics/Seed"
import { matrixGame } from "@nonconvex/problems/BilinearGame"
import { quadratic } from "@nonconvex/problems/Quadratic"
import { inexactProximalPoint } from "../../algorithms/InexactProximalPoint.ts"
import { regularisedMinimax } from "../../algorithms/RegularisedMinimax.ts"
import { regularisedMinimisation } from "../../algorithms/RegularisedMinimisation.ts"
import { requireRequest } from "../../algorithms/Solution.ts"
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

export const refused = claim({
  id: "reproducible-minimax/games-that-are-not-monotone-are-refused",
  statement:
    "Where the first player's objective is concave enough, no answer is certified: the violation is found, named, and nothing loops.",
  inFloatingPoint: "program",
  source: derived("the certificate: <V(w) - V(z), w - z> >= 0 for every pair of points"),
  instances: Draw.record({
    ...gameFields,
    curvature: Draw.oneOf(0),
    set: Draw.oneOf("ball", "box"),
    gap: Draw.logarithmic(0.5, 0.05),
  }),
  value: 1.5,
  margin: ({ instance, kernels, value: by }) => {
    const { problem, start } = expand(instance, { kernels })
    const options = { gap: instance.gap, deviation: 1e-6, failure: 0.1, seed: Seed.root(1) }
    const error = thrown(() => solve(concave(problem, by), start, options))
    return Margin.holds(error instanceof NotMonotone || error instanceof NotCertified)
  },
  controls: [{ name: "a convex-concave game", value: 0 }],
})

const invalidFields = {
  field: Draw.oneOf("gap", "distance", "delta", "smoothness"),
  value: Draw.oneOf("zero", "negative", "not a number", "infinite"),
  algorithm: Draw.oneOf("minimisation", "minimax"),
}
type Invalid = Drawn<typeof invalidFields>

const values = { zero: 0, negative: -1, "not a number": Number.NaN, infinite: Infinity }

export const invalidInput = claim({
  id: "reproducible-minimax/invalid-input",
  statement:
    "A gap, distance, delta or smoothness that is not positive and finite is refused with a typed error before anything is computed.",
  inFloatingPoint: "program",
  source: printed("the assumptions of Theorems 3.5 and 4.6"),
  instances: Draw.record(invalidFields),
  value: (name: Invalid["value"]) => values[name],
  margin: ({ instance, kernels, value }) => {
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
  controls: [{ name: "valid numbers", value: () => 0.5 }],
})

export const assumptions = claim({
  id: "reproducible-minimax/assumptions-of-the-algorithms",
  statement:
    "Algorithm 1 refuses a game, and with an inexact gradient a gap above l D^2, each with its numbers; with an inexact start such a gap is none too many. Algorithms 2 and 3 refuse a set without bound.",
  inFloatingPoint: "program",
  source: printed("the assumptions of Theorems 3.3 to 4.8"),
  instances: Draw.record({
    l: Draw.logarithmic(0.1, 10),
    distance: Draw.logarithmic(0.1, 10),
    max: Draw.integer(1, 3),
  }),
  value: 1.01,
  /** The gap as a multiple of l D^2. */
  margin: ({ instance: { distance, l, max }, value: times }) => {
    const line = minimisation(quadratic({ spectrum: [l] }))
    const most = l * distance * distance
    const refusal = (inexact: "start" | "gradient", players: Problem["dimensions"]) =>
      thrown(() =>
        regularisedMinimisation(
          { ...line, dimensions: players },
          new Float64Array(players[0] + players[1]),
          { gap: times * most, distance, inexact, delta: 0.1 * l * distance },
        ),
      )
    const wide = refusal("gradient", [1, 0])
    const game = refusal("start", [1, max])
    const isUnboundedRefused = [regularisedMinimax, inexactProximalPoint].every((algorithm) => {
      const request = { gap: most, distance, inexact: "gradient", delta: l * distance } as const
      const error = thrown(() => algorithm(line, new Float64Array(1), request))
      return error instanceof InvalidInput && error.numbers["diameter"] === Number.POSITIVE_INFINITY
    })
    if (!(wide instanceof InvalidInput && game instanceof InvalidInput)) return Margin.holds(false)
    return Margin.all(
      Margin.equal(wide.numbers["gap"]!, times * most, { relative: 1e-12 }),
      Margin.equal(wide.numbers["l D^2"]!, most, { relative: 1e-12 }),
      Margin.equal(game.numbers["max"]!, max, {}),
      Margin.holds(refusal("start", [1, 0]) === undefined),
      Margin.holds(isUnboundedRefused),
    )
  },
  controls: [{ name: "a gap below l D^2", value: 0.99 }],
})

export const belowNoise = claim({
  id: "reproducible-minimax/delta-below-noise-is-refused",
  statement:
    "Starts that differ by less than 2^-53 D, and gradients by less than 2^-53 l D sqrt(d), are refused with that noise; what is above is not.",
  inFloatingPoint: "program",
  source: derived("the rounding of a point, and of an answer coordinate by coordinate"),
  instances: Draw.record({
    l: Draw.logarithmic(0.1, 10),
    distance: Draw.logarithmic(0.1, 10),
    dimension: Draw.integer(2, 9),
    inexact: Draw.oneOf("start", "gradient"),
  }),
  value: 0.99,
  /** Of the delta that is refused, in multiples of the noise. */
  margin: ({ instance: { dimension, distance, inexact, l }, value: times }) => {
    const problem = minimisation(quadratic({ spectrum: new Float64Array(dimension).fill(l) }))
    const rounding = (Number.EPSILON / 2) * distance
    const noise = inexact === "start" ? rounding : rounding * l * Math.sqrt(dimension)
    const refusal = (delta: number) =>
      thrown(() => requireRequest("request", problem, { gap: l, distance, inexact, delta }))
    const error = refusal(times * noise)
    if (!(error instanceof BelowNoise)) return Margin.holds(false)
    return Margin.all(
      Margin.equal(error.noise, noise, { relative: 1e-12 }),
      Margin.equal(error.requested, times * noise, {}),
      Margin.holds(refusal(1.01 * noise) === undefined),
    )
  },
  controls: [{ name: "a delta above the noise", value: 1.01 }],
})

export const impossible = claim({
  id: "reproducible-minimax/tolerances-that-contradict-are-refused",
  statement:
    "An oracle that errs by more than gap and deviation allow together is refused before a step, with what would be possible.",
  inFloatingPoint: "program",
  source: derived("r >= 2 delta / rho and r <= 2 eps / D^2"),
  instances: certifiedGames,
  value: 1.01,
  margin: ({ instance, kernels, value: share }) => {
    const { problem, start } = expand(instance, { kernels })
    const tolerances = { gap: instance.gap, deviation: instance.deviation }
    const { allowedError } = plan(problem, start, tolerances)
    const options = { ...tolerances, failure: 0.5, seed: Seed.root(1) }
    const declared = share * allowedError
    const error = thrown(() => solve({ ...problem, error: declared }, start, options))
    if (error === undefined) return Margin.holds(false)
    return Margin.all(
      Margin.holds(error instanceof Irreproducible),
      Margin.atMost(Theory.distanceFromResidual(0, allowedError, 1), declared),
    )
  },
  controls: [{ name: "an oracle that is exact enough", value: 0.5 }],
})
