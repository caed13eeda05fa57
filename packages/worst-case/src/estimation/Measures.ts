/** Measures of a method, and their bounds. */
import { InvalidMethod } from "../method/Failures.ts"
import type { Measure } from "../method/Method.ts"
import type { Expression } from "./Expression.ts"
import { readNumber } from "./Numbers.ts"
import type { Run } from "./Run.ts"

/** Measure of a run, as an expression. Throws InvalidMethod. */
export const measured = <T>(run: Run<T>, place: string, measure: Measure): Expression<T> => {
  const { algebra, trace } = run
  const { negate, one } = algebra.field
  if ("squaredDistance" in measure) {
    return algebra.square(trace.difference(place, ...measure.squaredDistance))
  }
  if ("squaredNorm" in measure) {
    const named = trace.get(place, measure.squaredNorm)
    if (named.kind === "point") {
      throw new InvalidMethod({
        place,
        problem: `"${measure.squaredNorm}" is a point, which has no norm: use squaredDistance`,
      })
    }
    return algebra.square(named.vector)
  }
  if ("squaredGradient" in measure) {
    const point = trace.point(place, measure.squaredGradient)
    const of = measure.of ?? only(run, place)
    return algebra.square(run.function(place, of).at(point.vector, point.label).gradient)
  }
  if ("gap" in measure) {
    const chosen =
      measure.of === undefined ? [...run.functions.values()] : [run.function(place, measure.of)]
    const functions = chosen.filter(({ of }) => of.kind === "function")
    if (functions.length === 0) {
      throw new InvalidMethod({
        place,
        problem: "operators and sets have no values, so there is no gap",
      })
    }
    const value = (name: string) => {
      const point = trace.point(place, name)
      return algebra.sum(
        ...functions.map((f) => [one, f.valueAt(point.vector, point.label)] as const),
      )
    }
    return algebra.sum([one, value(measure.gap)], [negate(one), value(measure.to ?? "x*")])
  }
  if ("inner" in measure) {
    const [gradient, from, to] = measure.inner
    return algebra.inner(trace.get(place, gradient).vector, trace.difference(place, from, to))
  }
  if ("deviation" in measure) {
    if (run.method.runs !== 2) {
      throw new InvalidMethod({
        place,
        problem: "a deviation is between two runs: set runs to 2",
      })
    }
    const { deviation } = measure
    return algebra.square(trace.difference(place, deviation, `${deviation}'`))
  }
  if ("inexactness" in measure) {
    const { label } = trace.get(place, measure.inexactness)
    const found = run.inexactness.get(label)
    if (found !== undefined) return found
    throw new InvalidMethod({
      place,
      problem: `"${measure.inexactness}" comes from no inexact proximal step and is no epsilon-subgradient`,
    })
  }
  if (measure.sum.length === 0) throw new InvalidMethod({ place, problem: "the sum is empty" })
  return algebra.sum(
    ...measure.sum.map(
      ({ of, weight }, i) =>
        [
          algebra.field.from(readNumber(`${place}.sum[${i}].weight`, weight)),
          measured(run, `${place}.sum[${i}].of`, of),
        ] as const,
    ),
  )
}

/** The only function; throws InvalidMethod if there are several. */
const only = <T>(run: Run<T>, place: string): string => {
  const [name, ...others] = run.functions.keys()
  if (name !== undefined && others.length === 0) return name
  throw new InvalidMethod({ place, problem: "name the function with the field of" })
}

/** Describes a measure in one line. */
export const describe = (measure: Measure): string => {
  if ("squaredDistance" in measure) return `|${measure.squaredDistance.join(" - ")}|^2`
  if ("squaredNorm" in measure) return `|${measure.squaredNorm}|^2`
  if ("squaredGradient" in measure) return `|${measure.of ?? "f"}'(${measure.squaredGradient})|^2`
  if ("gap" in measure) {
    const f = measure.of ?? "f"
    return `${f}(${measure.gap}) - ${f}(${measure.to ?? "x*"})`
  }
  if ("inner" in measure) return `<${measure.inner[0]}, ${measure.inner[1]} - ${measure.inner[2]}>`
  if ("deviation" in measure) return `|${measure.deviation} - ${measure.deviation}'|^2`
  if ("inexactness" in measure) return `inexactness of ${measure.inexactness}`
  return measure.sum.map(({ of, weight }) => `${weight} (${describe(of)})`).join(" + ")
}
