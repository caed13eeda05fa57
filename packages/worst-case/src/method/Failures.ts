/** Errors of a method or its worst case, with the next step. */
import * as Schema from "effect/Schema"
import { choice, quoted } from "./Nearest.ts"

/** A step or a condition that is invalid. */
export class InvalidMethod extends Schema.TaggedError<InvalidMethod>()("InvalidMethod", {
  /** Place in the method, such as "steps[2].at". */
  place: Schema.String,
  problem: Schema.String,
}) {
  override get message(): string {
    return `${this.place}: ${this.problem}`
  }
}

/** Refusal of a class, with the nearest one. */
export const unknownClass = (name: string, known: ReadonlyArray<string>): string =>
  `there are no interpolation conditions for the class ${quoted(name)}; ${choice(name, known)}`

/** A class of functions without implemented interpolation conditions. */
export class NoInterpolation extends Schema.TaggedError<NoInterpolation>()("NoInterpolation", {
  function: Schema.String,
  class: Schema.String,
  known: Schema.Array(Schema.String),
}) {
  override get message(): string {
    return `functions.${this.function}: ${unknownClass(this.class, this.known)}`
  }
}

/** The semidefinite program is too large to solve in reasonable time. */
export class TooLarge extends Schema.TaggedError<TooLarge>()("TooLarge", {
  order: Schema.Number,
  conditions: Schema.Number,
  largestOrder: Schema.Number,
  mostConditions: Schema.Number,
}) {
  override get message(): string {
    return `the worst case is a semidefinite program of order ${this.order} with ${this.conditions} conditions; the limits are order ${this.largestOrder} and ${this.mostConditions} conditions: use fewer steps, or measure at fewer points`
  }
}

/**
 * The measure is unbounded: it grows along a direction, or exceeds the given quantities by a factor above 10^9, beyond the
 * resolution of doubles.
 */
export class UnboundedWorstCase extends Schema.TaggedError<UnboundedWorstCase>()(
  "UnboundedWorstCase",
  {
    measure: Schema.String,
    /**
     * Quantities that grow along the direction, the fastest first: squared norms, inner products and values; the measure grows
     * by 1.
     */
    growing: Schema.Array(Schema.Struct({ name: Schema.String, growth: Schema.Number })),
  },
) {
  override get message(): string {
    const shown = this.growing
      .slice(0, 3)
      .map(({ growth, name }) => `${name} by ${Number(growth.toPrecision(3))}`)
      .join(", ")
    return `the worst case is unbounded, or too large for double precision: ${this.measure} grows by 1 for each growth of ${shown}; bound the start, or use another measure or smaller steps`
  }
}

/** No function of the classes satisfies all conditions. */
export class NoInstance extends Schema.TaggedError<NoInstance>()("NoInstance", {
  /** Contradictory conditions, those with the largest weights first. */
  conditions: Schema.Array(Schema.String),
}) {
  override get message(): string {
    return `nothing satisfies the conditions: ${this.conditions.slice(0, 3).join("; ")} contradict one another`
  }
}

/** Rounding stopped the solver before its bound reached the requested accuracy. */
export class NotSolved extends Schema.TaggedError<NotSolved>()("NotSolved", {
  bound: Schema.Number,
  reached: Schema.Number,
  tolerance: Schema.Number,
}) {
  override get message(): string {
    if (this.bound === Infinity) {
      return "the worst case is unbounded or too large for double precision, and no direction shows which; use fewer or smaller steps"
    }
    return `the solver reached ${this.bound} with an error of ${Number(this.reached.toPrecision(2))}, above the tolerance ${this.tolerance}: scale the constants towards 1, or use a larger tolerance`
  }
}

/** The bound was found in floating point, and no fractions were found that prove it. */
export class NotCertified extends Schema.TaggedError<NotCertified>()("NotCertified", {
  bound: Schema.Number,
  reason: Schema.String,
}) {
  override get message(): string {
    return `the bound ${this.bound} has no certificate: ${this.reason}`
  }
}

/** A certificate that does not prove its bound. */
export class FalseCertificate extends Schema.TaggedError<FalseCertificate>()("FalseCertificate", {
  /** Place in the certificate, such as "multipliers[3].multiplier". */
  place: Schema.String,
  problem: Schema.String,
}) {
  override get message(): string {
    return `the certificate is invalid: ${this.place}: ${this.problem}`
  }
}

/** Errors of `worstCase` and `certify`, as one schema. */
export const WorstCaseFailure = Schema.Union([
  InvalidMethod,
  NoInterpolation,
  TooLarge,
  UnboundedWorstCase,
  NoInstance,
  NotSolved,
  NotCertified,
])
