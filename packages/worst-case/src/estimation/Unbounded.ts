/** Unbounded worst cases. */
import type { Kernels } from "@nonconvex/numerics/Kernels"
import * as Face from "../certificate/Face.ts"
import * as Rational from "@nonconvex/numerics/Rational"
import { NotSolved, UnboundedWorstCase } from "../method/Failures.ts"
import * as Semidefinite from "../semidefinite/Semidefinite.ts"
import type { PerformanceEstimation } from "./PerformanceEstimation.ts"

/** Least measure along a direction of trace 1 that violates conditions by rounding only. */
const surely = 1e-2

/**
 * Direction of an unbounded worst case: the largest measure of trace 1 if all bounds are 0. A finite worst case has none, even
 * if the solver took it for unbounded; one beyond 10^9 may have one up to rounding.
 */
export const alongDirection = (
  model: PerformanceEstimation<number>,
  problem: Semidefinite.Problem,
  kernels: Kernels,
): UnboundedWorstCase | NotSolved => {
  const order = model.vectors.length
  const width = problem.cost.length
  const count = problem.bounds.length
  const rows = new Float64Array((count + 1) * width)
  rows.set(problem.rows)
  for (let i = 0; i < order; i++) rows[count * width + i * (order + 1)] = 1
  const bounds = new Float64Array(count + 1)
  bounds[count] = 1
  const tolerance = 1e-12
  const answer = Semidefinite.solve(
    { ...problem, rows, bounds, inequalities: count + 1 },
    { kernels, tolerance },
  )
  if (!("primal" in answer) || !(answer.primalObjective < -surely)) {
    return new NotSolved({ bound: Infinity, reached: Infinity, tolerance })
  }
  return unbounded(
    model,
    model.vectors.map((name, i) => ({
      name: `|${name}|^2`,
      growth: -answer.primal[i * (order + 1)]! / answer.primalObjective,
    })),
  )
}

/**
 * Tests whether no multipliers prove any bound, although there is no direction along which the measure alone grows. The measure
 * then grows like the root of another free quantity, such as a subgradient. A proof needs a slack matrix that is 0 on the free
 * directions, but no nonnegative multipliers achieve this. The direction that shows this names the growing quantity.
 */
export const withoutMultipliers = (
  model: PerformanceEstimation<number>,
  problem: Semidefinite.Problem,
  kernels: Kernels,
): UnboundedWorstCase | undefined => {
  const order = model.vectors.length
  const width = problem.cost.length
  const { kernel } = Face.directions(problem, kernels)
  if (kernel.length === 0) return undefined
  // of the matrix and the values of a row: each value, and the matrix times each vector of the kernel
  const equations = [
    ...model.values.map((name, v) => ({
      name,
      of: (row: Float64Array) => row[order * order + v]!,
    })),
    ...kernel.flatMap((fractions, k) => {
      const vector = fractions.map(Rational.toNumber)
      return model.vectors.map((name, i) => ({
        name: `<${name}, ${nameOf(model, vector, k)}>`,
        of: (row: Float64Array) =>
          vector.reduce((sum, value, j) => sum + value * row[i * order + j]!, 0),
      }))
    }),
  ]
  const count = problem.bounds.length
  const rows = Array.from({ length: count }, (_, k) =>
    problem.rows.subarray(k * width, (k + 1) * width),
  )
  const answer = Semidefinite.solve(
    {
      orders: [],
      nonnegative: count,
      free: 0,
      rows: Float64Array.from(equations.flatMap(({ of }) => rows.map(of))),
      bounds: Float64Array.from(equations, ({ of }) => -of(problem.cost)),
      inequalities: 0,
      cost: new Float64Array(count),
    },
    { kernels },
  )
  if (answer.status !== "infeasible") return undefined
  return unbounded(
    model,
    equations.map(({ name }, i) => ({ name, growth: answer.multipliers[i]! })),
  )
}

/** Quantities that grow by more than rounding, the fastest first. */
const unbounded = (
  { measure }: PerformanceEstimation<number>,
  directions: UnboundedWorstCase["growing"],
): UnboundedWorstCase =>
  new UnboundedWorstCase({
    measure,
    growing: directions
      .filter(({ growth }) => Math.abs(growth) > 1e-6)
      .toSorted((one, other) => Math.abs(other.growth) - Math.abs(one.growth)),
  })

/** Name of a vector of the kernel, if it is one of the unknown vectors. */
const nameOf = (
  model: PerformanceEstimation<number>,
  vector: ReadonlyArray<number>,
  k: number,
): string => {
  const parts = [...vector.keys()].filter((i) => vector[i] !== 0)
  return parts.length === 1 ? model.vectors[parts[0]!]! : `direction ${k + 1}`
}
