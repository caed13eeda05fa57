/** The fields that configurations and columns of experiments, settings of operations and flags of the lab have in common. */
import { Schema } from "effect"

/** An integer above zero: samples, steps, trials, a dimension. */
export const Count = Schema.Int.check(Schema.isGreaterThan(0))

/** An integer above one, as slopes and spreads need two points. */
export const AtLeastTwo = Schema.Int.check(Schema.isGreaterThan(1))

/** A number above zero: a learning rate, a radius, a scale. */
export const Positive = Schema.Finite.check(Schema.isGreaterThan(0))

/** A number that is zero or more. */
export const NotNegative = Schema.Finite.check(Schema.isGreaterThanOrEqualTo(0))

/** Number from 0 to 1, including both ends: a share or an accuracy. */
export const Share = Schema.Finite.check(Schema.isBetween({ minimum: 0, maximum: 1 }))

/** Number strictly between 0 and 1, such as a confidence level. */
export const Fraction = Schema.Finite.check(Schema.isGreaterThan(0), Schema.isLessThan(1))

/** Numbers in float64; like all typed arrays, they are sent to threads without conversion. */
export const Float64s = Schema.instanceOf(Float64Array<ArrayBufferLike>, {
  expected: "a Float64Array",
})

/** Integers of 32 bits: classes of rows. */
export const Int32s = Schema.instanceOf(Int32Array<ArrayBufferLike>, { expected: "an Int32Array" })

/** Integers of 32 bits that are zero or more: indices. */
export const Uint32s = Schema.instanceOf(Uint32Array<ArrayBufferLike>, {
  expected: "a Uint32Array",
})
