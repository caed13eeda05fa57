/** Numbers in the settings of experiments. */
import { Schema } from "effect"

export const Positive = Schema.Finite.check(Schema.isGreaterThan(0))
export const Count = Schema.Int.check(Schema.isGreaterThan(0))
