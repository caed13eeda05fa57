import { type Difference, sample, tested } from "./Student.ts"

/** Paired t test: `second[i]` was measured with the same random draws as `first[i]`. Both have the same length. */
export const paired = (first: ReadonlyArray<number>, second: ReadonlyArray<number>): Difference => {
  const { count, mean, sd } = sample(second.map((value, pair) => value - first[pair]!))
  return tested("paired t test", count, mean, sd / Math.sqrt(count), count - 1)
}
