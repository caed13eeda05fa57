import { type Given, Margin } from "@nonconvex/evidence"
import { type Complexed, outputsOf, rankOf } from "./Complexed.ts"

/** That Y has rank k at most, which it has not. */
export const rankMargin = (instance: Complexed, given: Given): Margin.Comparison => {
  const { real } = outputsOf(instance, given)
  return Margin.holds(rankOf(real, instance.dimension, given) <= instance.rank)
}
