import { type Given, Margin } from "@nonconvex/evidence"
import { type Complexed, outputsOf, rankOf } from "./Complexed.ts"

/** Margin of the false statement that Y has rank at most k. */
export const rankMargin = (instance: Complexed, given: Given): Margin.Comparison => {
  const { real } = outputsOf(instance, given)
  return Margin.holds(rankOf(real, instance.dimension, given) <= instance.rank)
}
