/** Errors of a problem, its oracle or the tolerances, with the numbers and the next step. */
import { significant } from "@nonconvex/numerics/Decimal"
import * as Schema from "effect/Schema"

/** Alternative tolerances that would suffice, each replacing one that was requested. */
const offers = (...possible: ReadonlyArray<readonly [name: string, value: number]>): string =>
  possible
    .flatMap(([name, value]) => (Number.isFinite(value) ? [`${name} of ${value}`] : []))
    .join(" or ")

/** The oracle's error is too large for the requested gap and deviation together. */
export class Irreproducible extends Schema.TaggedError<Irreproducible>()("Irreproducible", {
  gap: Schema.Number,
  deviation: Schema.Number,
  /** Error of the oracle, rounding included. */
  error: Schema.Number,
  /** Largest error for these tolerances. */
  allowed: Schema.Number,
  /** Gap that this oracle can reach with the deviation; Infinity if there is none, or if every point has it. */
  possibleGap: Schema.Number,
  /** Deviation that it can reach with the gap; Infinity if there is none. */
  possibleDeviation: Schema.Number,
}) {
  override get message(): string {
    const { allowed, deviation, error, gap, possibleDeviation, possibleGap } = this
    const oracle = Number.isFinite(error)
      ? `an oracle error of ${significant(error)}`
      : "an oracle without a bound on its error"
    const possible = offers(["a gap", possibleGap], ["a deviation", possibleDeviation])
    const next =
      possible === ""
        ? "compute with smaller errors"
        : `ask for ${possible}, or compute with smaller errors`
    return `${oracle} cannot give both a gap of ${significant(gap)} and a deviation of ${significant(deviation)}, which allow an error of ${significant(allowed)}; ${next}`
  }
}

/**
 * The grid required by a deviation and a failure probability is as wide as the set. Alternatively, rounding to it may exceed
 * the rest of a gap that cannot be computed.
 */
export class TooCoarse extends Schema.TaggedError<TooCoarse>()("TooCoarse", {
  gap: Schema.Number,
  deviation: Schema.Number,
  failure: Schema.Number,
  /** Width of the grid. */
  width: Schema.Number,
  /** Bound on the gap used by certificate and rounding; half of the gap is available for it. */
  cost: Schema.Number,
  /** Achievable gap for the other two; Infinity if none suffices, or only the gap of every point. */
  possibleGap: Schema.Number,
  possibleDeviation: Schema.Number,
  possibleFailure: Schema.Number,
  /** Sufficient deviation, given an oracle that is exact enough for it. */
  exactDeviation: Schema.Number,
}) {
  override get message(): string {
    const { cost, deviation, exactDeviation, failure, gap, width } = this
    const possible = offers(
      ["a gap", this.possibleGap],
      ["a deviation", this.possibleDeviation],
      ["a failure", this.possibleFailure],
    )
    const next =
      possible === ""
        ? `compute with smaller errors and ask for a deviation of ${exactDeviation}`
        : `ask for ${possible}`
    return `a deviation of ${significant(deviation)} and a failure of ${significant(failure)} need a grid of ${significant(width)}; rounding to it may cost a gap of ${significant(cost)}, but only ${significant(gap / 2)} is left; ${next}`
  }
}

/**
 * The rounded point misses the requested gap: rounding cost more than was left, or the problem differs from its declaration.
 */
export class GapMissed extends Schema.TaggedError<GapMissed>()("GapMissed", {
  problem: Schema.String,
  gap: Schema.Number,
  published: Schema.Number,
  /** Sufficient gap or deviation; Infinity if there is none, both absent if rounding cannot be the cause. */
  possibleGap: Schema.optionalKey(Schema.Number),
  possibleDeviation: Schema.optionalKey(Schema.Number),
}) {
  override get message(): string {
    const { possibleDeviation, possibleGap } = this
    const possible = offers(
      ["a gap", possibleGap ?? Infinity],
      ["a deviation", possibleDeviation ?? Infinity],
    )
    const next =
      possibleGap === undefined && possibleDeviation === undefined
        ? "declare a larger smoothness, or a larger oracle error"
        : `ask for ${possible === "" ? "a larger gap or failure probability" : `${possible}, or for a larger failure probability`}`
    return `${this.problem}: the rounded answer has a gap of ${significant(this.published)} instead of ${significant(this.gap)}; ${next}`
  }
}

/** Two points whose answers contradict monotonicity or the declared smoothness. */
export class NotMonotone extends Schema.TaggedError<NotMonotone>()("NotMonotone", {
  problem: Schema.String,
  step: Schema.Int,
  /** `<V(w) - V(z), w - z> / |w - z|^2`. */
  modulus: Schema.Number,
  /** The least that monotonicity and the oracle's error allow. */
  least: Schema.Number,
}) {
  override get message(): string {
    return `${this.problem} is not convex-concave: at step ${this.step} its operator has modulus ${significant(this.modulus)} between two points, where a monotone operator has at least ${significant(this.least)}; check the signs of the quadratic terms, or the declared oracle error`
  }
}

/** No certificate was reached within the steps of the theory. */
export class NotCertified extends Schema.TaggedError<NotCertified>()("NotCertified", {
  problem: Schema.String,
  steps: Schema.Int,
  residual: Schema.Number,
  target: Schema.Number,
}) {
  override get message(): string {
    return `${this.problem}: after ${this.steps} steps the residual is ${significant(this.residual)}, above ${significant(this.target)}; declare a larger smoothness, or a larger oracle error`
  }
}

/** A tolerance that float64 cannot resolve on this problem. */
export class BelowNoise extends Schema.TaggedError<BelowNoise>()("BelowNoise", {
  quantity: Schema.String,
  requested: Schema.Number,
  noise: Schema.Number,
}) {
  override get message(): string {
    return `${this.quantity} of ${significant(this.requested)} is below the floating-point noise of the problem, ${significant(this.noise)}; ask for a larger one`
  }
}
