/** Operation `solve`: takes data, and returns a published answer, as a job. */
import { Float64s, Positive, Share } from "@nonconvex/problems/Fields"
import { operation, type OperationContext } from "@nonconvex/problems/Operation"
import { ArenaFull } from "@nonconvex/numerics/ArenaFull"
import { invalid, InvalidInput } from "@nonconvex/numerics/InvalidInput"
import * as Require from "@nonconvex/numerics/Require"
import * as Kernels from "@nonconvex/numerics/Kernels"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Schema from "effect/Schema"
import { equilibrium } from "../game/Equilibria.ts"
import { powerOfTwo } from "../numbers/PowerOfTwo.ts"
import { measureError } from "../oracle/ErrorMeter.ts"
import type { Problem } from "../problem/Problem.ts"
import * as Failures from "../solve/Failures.ts"
import { deviationOf, publishExactly } from "../solve/DitheredRounding.ts"
import { minimiser } from "../solve/Minimiser.ts"
import type { Plan } from "../solve/Plan.ts"
import { deviationFor } from "../solve/Refusal.ts"
import * as Run from "../solve/Run.ts"
import { prepare } from "../solve/Solve.ts"
import { bytesOf, pose, Posed, Precision, type Ready } from "./PosedProblem.ts"

export const SolveInput = Schema.Struct({
  problem: Posed,
  /** Largest gap of the answer; default a hundredth of the largest difference of two payoffs, or of the start's gap. */
  gap: Schema.optionalKey(Positive),
  /**
   * Largest distance between the answers of two machines, before they are rounded to the grid. By default float64 solves to
   * the last digits. Other precisions solve to a deviation of 1e-7, or to a smaller one if rounding the answer to the grid
   * of 1e-7 could exceed the gap.
   */
  deviation: Schema.optionalKey(Positive),
  /** Largest probability that two machines publish different bits. */
  failure: Share,
  precision: Precision,
  /** Root seed that the machines share. */
  seed: Schema.Union([Schema.Finite, Schema.String]),
})
export type SolveInput = typeof SolveInput.Type

export const SolveAnswer = Schema.Struct({
  plan: Schema.Struct({
    gap: Schema.Number,
    deviation: Schema.Number,
    /**
     * `equilibrium` or `minimiser`: the unique one, to the last digits. `nearby`: the regularised one, to the last digits.
     * `constant`: the origin, where every point is a minimiser. The other fields are as in a `Plan`.
     */
    algorithm: Schema.Literals([
      "regularised",
      "proximal",
      "equilibrium",
      "minimiser",
      "nearby",
      "constant",
    ]),
    strength: Schema.Number,
    outer: Schema.Int,
    distance: Schema.Number,
    allowedError: Schema.optionalKey(Schema.Number),
  }),
  certified: Schema.Struct({
    point: Float64s,
    /** Gap before rounding. */
    gap: Schema.Number,
    distance: Schema.Number,
    deviation: Schema.Number,
    /** Error of the oracle; absent without an oracle. */
    error: Schema.optionalKey(Schema.Number),
    steps: Schema.Int,
    evaluations: Schema.optionalKey(Schema.Int),
  }),
  published: Schema.Struct({
    point: Float64s,
    gap: Schema.Number,
    /** The value of the game, or the minimum, is between these. */
    value: Schema.Struct({ least: Schema.Number, most: Schema.Number }),
    clearance: Schema.Number,
    width: Schema.Number,
    failure: Schema.Number,
    certain: Schema.Boolean,
  }),
  /** Largest observed difference from exact products, of those that `certified.error` bounds. */
  measuredError: Schema.optionalKey(Schema.Number),
})
export type SolveAnswer = typeof SolveAnswer.Type

export const SolveProgress = Schema.Struct({
  steps: Schema.Int,
  /** Approximate upper limit on the number of steps. */
  expected: Schema.Finite,
  /** Residual of the last step, and the one required for a certificate. */
  residual: Schema.Number,
  target: Schema.Number,
})
export type SolveProgress = typeof SolveProgress.Type

/** The data do not make a problem that can be solved. */
class UnsuitableProblem extends Schema.TaggedError<UnsuitableProblem>()("UnsuitableProblem", {
  reason: Schema.String,
}) {
  override get message(): string {
    return this.reason
  }
}

export const SolveFailure = Schema.Union([
  UnsuitableProblem,
  InvalidInput,
  Failures.Irreproducible,
  Failures.TooCoarse,
  Failures.NotCertified,
  Failures.NotMonotone,
  Failures.GapMissed,
  ArenaFull,
])
export type SolveFailure = typeof SolveFailure.Type

/** Decrease of the residual over a stage, in nepers; games from 3 x 3 to 300 x 300 took 15 to 20. */
const fall = 20

/** Steps between two reports, at most. */
const together = 64

/**
 * Approximate upper limit on the steps of a solve; an easy problem takes a tenth. Each step of extragradient reduces the
 * distance by a share `r / (2 (l + r))`, each accelerated step by `sqrt(r / (l + r))`.
 */
const expectedSteps = ({ dimensions, smoothness }: Problem, { outer, strength }: Plan): number => {
  const condition = (smoothness + strength) / strength
  return Math.ceil(fall * outer * (dimensions[1] === 0 ? Math.sqrt(condition) : 2 * condition))
}

/** Like `attempt`, with UnsuitableProblem for invalid data. */
const suitable = <A>(attempt: () => A): A => {
  try {
    return attempt()
  } catch (error) {
    if (error instanceof InvalidInput) throw new UnsuitableProblem({ reason: error.message })
    throw error
  }
}

/** Steps of an interior point: games from 1 x 1 to 1,000 x 1,000 took 4 to 28. */
const interiorSteps = 30

/** A game to the last digits. */
const atOnce = (
  { failure, gap: asked, seed }: SolveInput,
  { columns, payoffs, rows }: SolveInput["problem"] & { readonly _tag: "MatrixGame" },
  { kernels, report }: OperationContext<SolveProgress>,
): SolveAnswer => {
  Require.array("solve", "payoffs", payoffs, rows * columns)
  const found = equilibrium({
    payoffs,
    columns,
    failure,
    seed: Seed.root(seed).child("solve"),
    kernels,
    onStep: ({ gap, steps, target }) => {
      report({ steps, expected: Math.max(interiorSteps, steps + 1), residual: gap, target })
    },
  })
  const { certified, gap: published, strength, target, value } = found
  return {
    plan: plainPlan(asked ?? found.wanted, {
      deviation: certified.deviation,
      algorithm: target === "equilibrium" ? "equilibrium" : "nearby",
      strength,
    }),
    certified,
    published: { ...found.published, gap: required("game", published, asked), value },
  }
}

/** The gap, if it is at most the requested one. */
const required = (problem: string, published: number, asked = Infinity): number => {
  if (published <= asked) return published
  throw new Failures.GapMissed({ problem, gap: asked, published, possibleGap: 2 * published })
}

const plainPlan = (
  gap: number,
  rest: Pick<SolveAnswer["plan"], "deviation" | "algorithm" | "strength">,
): SolveAnswer["plan"] => ({ gap, outer: 1, distance: rest.deviation / 2, ...rest })

/** A minimisation to the last digits. */
const minimised = (
  { failure, gap: asked, seed }: Pick<SolveInput, "failure" | "gap" | "seed">,
  { quadratic, scale }: Ready & Required<Pick<Ready, "quadratic">>,
  kernels: Kernels.Kernels,
): SolveAnswer => {
  const { feasible, hessian, linear, radius } = quadratic
  const found = minimiser(hessian, linear, radius, kernels)
  const { distance, strength, target, units } = found
  const inside = (point: Float64Array): Float64Array => {
    const x = point.map((z, i) => units[i]! * z)
    feasible.project(x, 0, x.length)
    return x
  }
  const size = powerOfTwo(found.point.reduce((most, x) => Math.max(most, Math.abs(x)), 0))
  const rounded = publishExactly(found.point, {
    distance,
    size,
    least: 2 ** -36,
    failure,
    seed: Seed.root(seed).child("solve"),
    settle: () => undefined,
  })
  const gapAt = (point: Float64Array) =>
    found.gap?.(point) ?? Math.max(0, quadratic.gap(inside(point)))
  const [point, gap] = [inside(rounded.point), gapAt(rounded.point)]
  const deviation = deviationOf(distance, size)
  const most = quadratic.value(point)
  if (!Number.isFinite(gap) || !Number.isFinite(most)) {
    invalid("solve", "the objective or its squares overflow; scale the table or the radius", {
      "value at the answer": most,
      gap,
    })
  }
  return {
    plan: plainPlan(asked ?? 1e-5 * scale, { deviation, algorithm: target, strength }),
    certified: {
      point: inside(found.point),
      gap: gapAt(found.point),
      distance,
      deviation,
      steps: 1,
    },
    published: {
      ...rounded,
      point,
      gap: required("quadratic", gap, asked),
      value: { least: most - gap, most },
    },
  }
}

/** Solves a matrix game, a quadratic or a least-squares problem to bits that every machine publishes: see `solve` and `equilibrium` of this package. */
export const solve = operation({
  id: "reproducible-minimax/solve",
  input: SolveInput,
  output: SolveAnswer,
  failure: SolveFailure,
  progress: SolveProgress,
  run: (input, { kernels, report }) => {
    const { failure, precision, problem: posed } = input
    if (posed._tag === "MatrixGame" && precision === "float64" && input.deviation === undefined) {
      return suitable(() => atOnce(input, posed, { kernels, report }))
    }
    const seed = Seed.root(input.seed).child("solve")
    const roomy = Kernels.withRoom(kernels, bytesOf(posed))
    return roomy.arena.scoped((workspace) => {
      const ready = suitable(() => pose(posed, { precision, seed, kernels: roomy, workspace }))
      const { exact, problem, quadratic, scale, start, value } = ready
      if (quadratic !== undefined && precision === "float64" && input.deviation === undefined) {
        return suitable(() => minimised(input, { ...ready, quadratic }, roomy))
      }
      const { gap = 0.01 * scale } = input
      const deviation =
        input.deviation ?? deviationFor(problem, start, { failure, gap, most: 1e-7 })
      const { plan, publish } = prepare(problem, start, { gap, deviation, failure, seed })
      const run = Run.begin(problem, start, plan)
      const expected = expectedSteps(problem, plan)
      let certified = Run.certified(run)
      while (certified === undefined) {
        Run.step(run, together)
        const { steps, target } = run
        report({ steps, expected, residual: Run.residual(run), target })
        certified = Run.certified(run)
      }
      const answer = publish(certified)
      const seen = measureError(exact, problem, { center: start, spread: 0.3, points: 16, seed })
      return {
        plan,
        certified: { ...certified, gap: exact.gap(certified.point) },
        published: {
          ...answer.published,
          gap: answer.gap,
          value: value(answer.published.point),
        },
        measuredError: seen.largest,
      }
    })
  },
})
