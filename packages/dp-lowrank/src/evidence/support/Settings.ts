/** What settings of experiments may be. */
import { Schema } from "effect"

/** An integer of at least 1. */
export const count = Schema.Int.check(Schema.isGreaterThan(0))

/** Positive numbers. */
export const scales = Schema.Array(Schema.Finite.check(Schema.isGreaterThan(0)))

/** A number of columns between two. */
export const dimension = (minimum: number, maximum: number) =>
  Schema.Int.check(Schema.isBetween({ minimum, maximum }))
