/** Basis pursuit, the linear program of the sparsest weights, solved by HiGHS: a judge of methods that should find them. */
import { BackendUnavailable } from "@nonconvex/numerics/BackendUnavailable"
import * as Require from "@nonconvex/numerics/Require"
import { attempt } from "@nonconvex/numerics/Seam"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"

/** The solver found no optimum. */
class Unsolved extends Schema.TaggedError<Unsolved>()("Unsolved", {
  status: Schema.String,
}) {
  override get message(): string {
    return `the linear program was not solved: ${this.status}; check that the labels can be met`
  }
}

/** Linear system `A w = y`, and the costs of its weights. */
interface BasisPursuitProblem {
  /** n x k, row-major. */
  readonly matrix: Float64Array
  readonly labels: Float64Array
  /** k costs, each at least 0. */
  readonly costs: Float64Array
  /** True if weights must be nonnegative. */
  readonly isNonNegative: boolean
}

/** The solution of a basis pursuit. */
interface BasisPursuit {
  /** The weights w with `A w = y` of least `sum_j c_j |w_j|`. */
  readonly weights: Float64Array
  /** Value of that sum. */
  readonly value: number
}

/** Program in the LP format: `w = p - q` with p, q at least 0, without q for nonnegative weights. */
const program = ({ costs, isNonNegative, labels, matrix }: BasisPursuitProblem): string => {
  const width = costs.length
  const signed = (value: number, name: string) =>
    `${value < 0 ? "-" : "+"} ${Math.abs(value)} ${name}`
  const sum = (coefficient: (j: number) => number, sign: 1 | -1) =>
    Array.from({ length: width }, (_, j) => {
      const c = coefficient(j)
      const positive = signed(c, `p${j}`)
      return isNonNegative ? positive : `${positive} ${signed(sign * c, `q${j}`)}`
    }).join(" ")
  const rows = Array.from(
    labels,
    (label, i) => ` c${i}: ${sum((j) => matrix[i * width + j]!, -1)} = ${label}`,
  )
  return `Minimize\n obj: ${sum((j) => costs[j]!, 1)}\nSubject To\n${rows.join("\n")}\nEnd\n`
}

/** Solves for the weights of least cost. Throws Unsolved; InvalidInput on a ragged matrix, a negative cost and numbers that are not finite. */
type BasisPursuitSolver = (problem: BasisPursuitProblem) => BasisPursuit

/** Module name that bundlers do not follow: most users solve no linear program. */
const library: string = "highs"

const load = Effect.tryPromise({
  try: async () => {
    const { default: start } = (await import(
      /* @vite-ignore */ /* webpackIgnore: true */ library
    )) as typeof import("highs")
    return start()
  },
  catch: (cause) =>
    new BackendUnavailable({
      backend: "HiGHS",
      reason: `the package highs did not load (${String(cause)})`,
      remedy: "npm install highs",
    }),
})

/**
 * Loads HiGHS, 2 MB of WebAssembly, and returns the solver: a plain function for many problems. Fails with
 * BackendUnavailable if the package `highs` is missing.
 */
export const basisPursuitSolver: Effect.Effect<BasisPursuitSolver, BackendUnavailable> = Effect.map(
  load,
  (solver): BasisPursuitSolver =>
    (problem) => {
      const { costs, labels, matrix } = problem
      Require.typed("basisPursuit", "costs", costs)
      Require.typed("basisPursuit", "labels", labels)
      Require.count("basisPursuit", "costs.length", costs.length)
      Require.vector("basisPursuit", "matrix", matrix, labels.length * costs.length)
      Require.allFinite("basisPursuit", "labels", labels)
      for (const cost of costs) Require.nonNegative("basisPursuit", "cost", cost)
      const solution = solver.solve(program(problem))
      if (solution.Status !== "Optimal") throw new Unsolved({ status: solution.Status })
      const primal = (name: string): number => {
        const column: { readonly Primal?: number } | undefined = solution.Columns[name]
        return column?.Primal ?? 0
      }
      return {
        weights: Float64Array.from(costs, (_, j) => primal(`p${j}`) - primal(`q${j}`)),
        value: solution.ObjectiveValue,
      }
    },
)

/**
 * Solves one problem; fails with Unsolved and BackendUnavailable.
 *
 * @example
 * ```ts import.meta.vitest
 * import { basisPursuit } from "@nonconvex/problems/BasisPursuit"
 * import { Effect } from "effect"
 *
 * // w1 + 2 w2 + w3 = -4
 * const problem = { matrix: Float64Array.of(1, 2, 1), labels: Float64Array.of(-4), costs: Float64Array.of(1, 1, 1) }
 * const { value, weights } = await Effect.runPromise(basisPursuit({ ...problem, isNonNegative: false }))
 * weights // => Float64Array.of(0, -2, 0)
 * value // => 2
 * ```
 */
export const basisPursuit = Effect.fn("basisPursuit")(function* (
  problem: BasisPursuitProblem,
): Effect.fn.Return<BasisPursuit, Unsolved | BackendUnavailable> {
  const solve = yield* basisPursuitSolver
  return yield* attempt([Unsolved], () => solve(problem))
})
