/** Exact comparison: whether it fails, and by how much. */
import { Schema } from "effect"
import { toText } from "./Text.ts"
import * as Value from "./Value.ts"

/** Two numbers that were compared in exact arithmetic, and the required relation. */
export interface Compared {
  readonly relation: "at most" | "at least" | "equal"
  readonly actual: Value.Value
  readonly bound: Value.Value
}

/**
 * The comparison that a value is at most its bound.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Exact } from "@nonconvex/evidence"
 *
 * Exact.confirm(Exact.atMost(Exact.of("1/3"), Exact.of("1/2"))).outcome // => "holds"
 * ```
 */
export const atMost = (actual: Value.Value, bound: Value.Value): Compared => ({
  relation: "at most",
  actual,
  bound,
})

/** The comparison that a value is at least its bound. */
export const atLeast = (actual: Value.Value, bound: Value.Value): Compared => ({
  relation: "at least",
  actual,
  bound,
})

/** Exactly equal: exact values have no tolerance. */
export const equal = (actual: Value.Value, bound: Value.Value): Compared => ({
  relation: "equal",
  actual,
  bound,
})

/** Tolerance of `near`: `absolute + relative |expected|`. */
export interface Tolerance {
  readonly relative?: number
  readonly absolute?: number
}

/**
 * At most `absolute + relative |expected|` apart: a float64 result against its exact value.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Exact } from "@nonconvex/evidence"
 *
 * const sum = Exact.near(Exact.computed(0.1 + 0.2), Exact.of("0.3"), { relative: 1e-15 })
 * Exact.confirm(sum).outcome // => "holds"
 * ```
 */
export const near = (
  actual: Value.Value,
  expected: Value.Value,
  { absolute = 0, relative = 0 }: Tolerance,
): Compared =>
  atMost(
    Value.absolute(Value.subtract(actual, expected)),
    Value.add(Value.of(absolute), Value.multiply(Value.of(relative), Value.absolute(expected))),
  )

/** Exact value as data: its bounds, and the value itself if it is a fraction with few digits. */
const Enclosed = Schema.Struct({
  low: Schema.Number,
  high: Schema.Number,
  fraction: Schema.optionalKey(Schema.String),
})
type Enclosed = typeof Enclosed.Type

/**
 * Outcome in exact arithmetic of a comparison that failed in floating point: refuted, valid after all, or undecided because
 * the intervals are too wide.
 */
export const Outcome = Schema.Literals(["refuted", "holds", "undecided"])
export type Outcome = typeof Outcome.Type

export const Confirmation = Schema.Struct({
  outcome: Outcome,
  /** Fractions never round; intervals are rounded outward. */
  by: Schema.Literals(["fractions", "intervals"]),
  relation: Schema.Literals(["at most", "at least", "equal"]),
  actual: Enclosed,
  bound: Enclosed,
  /** Distance of the actual value beyond its bound, or from the expected one; positive if the statement is refuted. */
  violation: Enclosed,
  /** The comparison in words, with its numbers. */
  finding: Schema.String,
})
type Confirmation = typeof Confirmation.Type

/** Maximum number of letters of a fraction that is stored as text next to its two float64 bounds. */
const mostLetters = 80

const enclosed = (value: Value.Value): Enclosed => {
  const { high, low } = Value.interval(value)
  const fraction = Value.isFraction(value) ? `${value.numerator}/${value.denominator}` : ""
  return fraction === "" || fraction.length > mostLetters ? { low, high } : { low, high, fraction }
}

/** Violation of a comparison: positive if it fails. */
const violationOf = ({ actual, bound, relation }: Compared): Value.Value => {
  const difference = Value.subtract(actual, bound)
  if (relation === "equal") return Value.absolute(difference)
  return relation === "at most" ? difference : Value.negate(difference)
}

const outcomeOf = (violation: Value.Value): Outcome => {
  if (Value.compare(violation, Value.zero) === 1) return "refuted"
  return Value.interval(violation).high <= 0 ? "holds" : "undecided"
}

const words = {
  "at most": ["is above its bound", "is within its bound"],
  "at least": ["is below the required", "exceeds the required"],
  equal: ["is not", "is"],
} as const

const findingOf = (
  { actual, bound, relation }: Compared,
  violation: Value.Value,
  outcome: Outcome,
) => {
  const [is, than] = [toText(actual), toText(bound)]
  const [fails, holds] = words[relation]
  if (outcome === "holds") return `${is} ${holds} ${than}`
  if (outcome === "undecided") return `${is} and ${than} overlap`
  const by = relation === "equal" ? "it is off by" : "by"
  return `${is} ${fails} ${than}${relation === "equal" ? ":" : ","} ${by} ${toText(violation)}`
}

/** Evaluates a comparison in exact values. */
export const confirm = (compared: Compared): Confirmation => {
  const { actual, bound, relation } = compared
  const violation = violationOf(compared)
  const outcome = outcomeOf(violation)
  const isExact = Value.isFraction(actual) && Value.isFraction(bound)
  return {
    outcome,
    by: isExact ? "fractions" : "intervals",
    relation,
    actual: enclosed(actual),
    bound: enclosed(bound),
    violation: enclosed(violation),
    finding: findingOf(compared, violation, outcome),
  }
}

const surely = (compared: Compared): number => Value.interval(violationOf(compared)).low

/** The comparison that fails most certainly: the one with the largest certain violation. For none, an equality that holds. */
export const worst = (...all: ReadonlyArray<Compared>): Compared =>
  all.reduce(
    (found, each) => (surely(each) > surely(found) ? each : found),
    all[0] ?? equal(Value.zero, Value.zero),
  )

/** First of several comparisons that certainly fails, as in the steps of a run; the worst if none does. */
export const first = (...all: ReadonlyArray<Compared>): Compared =>
  all.find((each) => surely(each) > 0) ?? worst(...all)

/** The comparison that fails least certainly: if it fails, all fail. For none, an equality that holds. */
export const mildest = (...all: ReadonlyArray<Compared>): Compared =>
  all.reduce(
    (found, each) => (surely(each) < surely(found) ? each : found),
    all[0] ?? equal(Value.zero, Value.zero),
  )

const instead = {
  holds: "in exact arithmetic it holds",
  undecided: "the intervals are too wide to decide",
  toothless: "a control that must not be refuted is refuted too",
} as const

/** `exactly, by fractions: 9/16 is not 1/4: it is off by 5/16`, or the outcome of a failure in floating point. */
export const describe = ({
  by,
  finding,
  outcome,
}: Pick<Confirmation, "by" | "finding"> & {
  readonly outcome: Outcome | "toothless"
}): string =>
  outcome === "refuted"
    ? `exactly, by ${by}: ${finding}`
    : `in floating point only; ${instead[outcome]}, by ${by}: ${finding}`
