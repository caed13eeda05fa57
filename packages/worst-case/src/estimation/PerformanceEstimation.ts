/** The performance estimation problem of a method: the conditions on its worst case, in either arithmetic. */
import { InvalidMethod, TooLarge } from "../method/Failures.ts"
import type { Measure, Method } from "../method/Method.ts"
import type { Combination, Expression } from "./Expression.ts"
import type { Field } from "./Field.ts"
import { describe, measured } from "./Measures.ts"
import { readNumber } from "./Numbers.ts"
import { Run } from "./Run.ts"
import type { Condition, Samples } from "./Samples.ts"

/** Maximisation of the objective, where each condition is at most 0 and the inner products form a Gram matrix. */
export interface PerformanceEstimation<T> {
  readonly vectors: ReadonlyArray<string>
  readonly values: ReadonlyArray<string>
  readonly conditions: ReadonlyArray<Condition<T>>
  readonly objective: Expression<T>
  readonly measure: string
  readonly functions: ReadonlyArray<Samples<T>>
  /** Starts of the first run by name. */
  readonly starts: ReadonlyMap<string, Combination<T>>
  /** True if the optimum equals the worst case; otherwise it is an upper bound. */
  readonly isExact: boolean
}

/** Largest order and number of conditions that are solved in seconds. */
const largestOrder = 64
const mostConditions = 1200

/** Throws TooLarge. */
const requireSize = (order: number, conditions: number): void => {
  if (order > largestOrder || conditions > mostConditions) {
    throw new TooLarge({ order, conditions, largestOrder, mostConditions })
  }
}

/** A value that is at most each of the measures. */
const least = <T>(run: Run<T>, measures: ReadonlyArray<Measure>): Expression<T> => {
  if (measures.length === 0) {
    throw new InvalidMethod({ place: "measure.least", problem: "is empty" })
  }
  const { algebra } = run
  const { negate, one } = algebra.field
  const value = run.unknowns.value("least")
  measures.forEach((measure, i) => {
    run.conditions.push({
      inequality: `least <= ${describe(measure)}`,
      name: `least: ${describe(measure)}`,
      expression: algebra.sum(
        [one, value],
        [negate(one), measured(run, `measure.least[${i}]`, measure)],
      ),
    })
  })
  return value
}

/** Conditions on the worst case of a method. Throws InvalidMethod, NoInterpolation and TooLarge. */
export const performanceEstimation = <T>(
  field: Field<T>,
  method: Method,
): PerformanceEstimation<T> => {
  const run = new Run(field, method)
  const { algebra, conditions, unknowns } = run
  const { negate, one } = algebra.field
  if (run.hasOptimum) run.optimum()
  run.start()
  run.steps()
  method.given.forEach(({ atMost, bound }, i) => {
    const place = `given[${i}]`
    const limit = algebra.field.from(readNumber(`${place}.atMost`, atMost))
    const expression = algebra.sum(
      [one, measured(run, `${place}.bound`, bound)],
      [negate(limit), algebra.constant(one)],
    )
    conditions.push({
      inequality: `${describe(bound)} <= ${atMost}`,
      name: `given: ${describe(bound)} at most ${atMost}`,
      expression,
    })
  })
  const { measure } = method
  const objective =
    "least" in measure ? least(run, measure.least) : measured(run, "measure", measure)
  const all = [...run.functions.values()]
  // before the conditions are written: what is refused shall not take longer than what is solved
  const pairs = all.reduce((sum, samples) => sum + samples.pairs, conditions.length)
  requireSize(unknowns.vectors.length, pairs)
  return {
    vectors: unknowns.vectors,
    values: unknowns.values,
    conditions: [...conditions, ...all.flatMap((samples) => samples.conditions())],
    objective,
    measure:
      "least" in measure
        ? `the least of ${measure.least.map(describe).join(", ")}`
        : describe(measure),
    functions: all,
    starts: new Map(method.start.map((name) => [name, run.trace.get("start", `${name}@0`).vector])),
    isExact: !run.hasSearched && all.every(({ of }) => of.isExact),
  }
}
